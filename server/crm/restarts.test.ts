import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { pauseQueue, resumeQueue } from "../queue/pause";
import { aWholeTurn, type CrmHarness, findFaults, shortTimeout, startCrm } from "../test/crm";
import { refuseStep } from "../test/refused-step";
import { loggedRecords } from "./made-records";

const allSynced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);

test("every connection to the database is cut again and again, and everybody arrives once", async () => {
  const crm = await startCrm({ env: shortTimeout });
  await crm.registerMany(30);
  crm.newWorker().start();
  const cut = async () => {
    await crm.database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
  };
  for (let cuts = 0; cuts < 4; cuts++) {
    const seen = crm.portal.requests;
    await expect.poll(() => crm.portal.requests).toBeGreaterThan(seen);
    await cut().catch(() => {});
    // Another person, so that there is a request until the next cut, also where all others have arrived.
    if (cuts < 3) await expect.poll(() => crm.register().catch(() => 0)).toBeGreaterThan(0);
  }
  await expect
    .poll(() => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } }).catch(() => -1))
    .toBe(0);
  expect(await findFaults(crm)).toEqual([]);
});

test("a worker that is stopped in the middle of a group leaves the rest to the next leader", async () => {
  const crm = await startCrm({ portal: { costs: { "*": 0.05 }, costDelay: 1 }, env: { BITRIX24_TIMEOUT_MS: "5000" } });
  await crm.registerMany(30);
  const first = crm.newWorker();
  first.start();
  await expect.poll(() => crm.portal.contacts.size).toBeGreaterThan(0);
  await first.stop();
  const asked = crm.portal.requests;
  expect(await crm.services.db.user.count({ where: { crmState: "PENDING" } })).toBeGreaterThan(0);
  expect(crm.portal.requests).toBe(asked);
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("jobs that vanished from the queue come back from the rows", async () => {
  const crm = await startCrm();
  await crm.registerMany(5);
  await crm.services.pool.query("delete from pgboss.job");
  await crm.services.pool.query(`update "User" set "createdAt" = now() - interval '6 minutes'`);
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("the row names records whose answer was lost only together with the note that they were made here", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", times: 1 });
  const refusal = await refuseStep(crm.services.pool, "found");
  const id = await crm.register();
  crm.newWorker().start();
  const row = () => crm.services.db.user.findUniqueOrThrow({ where: { id } });
  await expect.poll(refusal.isRefused).toBe(true);
  expect(await row()).toMatchObject({ bitrix24ContactId: null, bitrix24DealId: null });
  await refusal.end();
  await allSynced(crm);
  const { bitrix24ContactId, bitrix24DealId } = await row();
  expect(await loggedRecords(crm.services.db, id)).toEqual({ contacts: [bitrix24ContactId], deals: [bitrix24DealId] });
  expect(await findFaults(crm)).toEqual([]);
});

test("a pause in the middle of a group lets the group end, and nothing more is sent until the queue is resumed", async () => {
  const crm = await startCrm({ portal: { costs: { "*": 0.02 }, costDelay: 1 }, env: { BITRIX24_TIMEOUT_MS: "5000" } });
  const admin = systemActor;
  await crm.registerMany(15);
  crm.newWorker().start();
  await expect.poll(() => crm.portal.contacts.size).toBeGreaterThan(0);
  await pauseQueue(crm.services, { actor: admin });
  await allSynced(crm);
  const asked = crm.portal.requests;
  await crm.register();
  await aWholeTurn(crm);
  expect(crm.portal.requests).toBe(asked);
  await resumeQueue(crm.services, { actor: admin });
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("a method's execution time is used up to a margin, and the rest waits without one refused request", async () => {
  const crm = await startCrm({ portal: { costs: { "crm.item.add": 5 } } });
  await crm.registerMany(60);
  crm.newWorker().start();
  const waiting = () => crm.services.db.user.findMany({ where: { crmError: "OPERATION_TIME_LIMIT" } });
  await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0);
  expect(crm.portal.calls.filter(({ error }) => error !== "")).toEqual([]);
  expect(crm.portal.contacts.size + crm.portal.deals.size).toBeGreaterThanOrEqual(80);
  const inFiveMinutes = new Date(Date.now() + 5 * 60_000);
  for (const { crmNextAttemptAt } of await waiting())
    expect(crmNextAttemptAt?.getTime()).toBeGreaterThan(+inFiveMinutes);
});

test("a portal that refuses for execution time without telling how much is left is asked again in a minute", async () => {
  const crm = await startCrm({
    portal: {
      costs: { "crm.item.add": 5 },
      limits: { bucket: 0, operatingSeconds: 60 },
      switches: { operating: "absent" },
    },
  });
  await crm.registerMany(30);
  crm.newWorker().start();
  await expect
    .poll(() => crm.services.db.user.count({ where: { crmError: "OPERATION_TIME_LIMIT" } }))
    .toBeGreaterThanOrEqual(18);
  const waiting = await crm.services.db.user.findMany({ where: { crmError: "OPERATION_TIME_LIMIT" } });
  expect(waiting.length).toBeGreaterThanOrEqual(18);
  for (const { crmNextAttemptAt } of waiting) {
    expect(crmNextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 30_000);
    expect(crmNextAttemptAt?.getTime()).toBeLessThan(Date.now() + 90_000);
  }
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
});
