import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { alertMails } from "../test/alerts";
import { compileFile } from "../test/compile";
import { arrived } from "../test/corrections";
import { type CrmHarness, lateEffect, shortTimeout, startCrm } from "../test/crm";
import { erase, erasureOf, isDone, person, portalText, words } from "../test/erasures";
import { makeAdmin, userOf } from "../test/factories";
import { outages } from "../test/outages";
import { hits } from "../test/search-everywhere";
import { getErasure, retryErasure } from "./erasures";
import { sweepErasures } from "./portal-erasure";

const day = 86_400_000;

for (const [name, fault] of outages)
  test(`a portal that ${name} follows an erasing once it is back`, async () => {
    const crm = await startCrm({ env: shortTimeout });
    crm.newWorker().start();
    const userId = await arrived(crm, person);
    crm.portal.fail({ times: 4, ...fault });
    await erase(crm, userId);
    await isDone(crm, userId);
    expect(hits(portalText(crm), words)).toEqual([]);
    expect(await erasureOf(crm, userId)).toMatchObject({ counts: { anonymised: 2 }, traces: [], error: null });
  });

test("an erasing is not blamed for a plan that has ended, as an older portal tells it", async () => {
  const crm = await startCrm({ portal: { switches: { statuses: "before2026" } } });
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  crm.portal.fail({ kind: "plan" });
  await erase(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).error).toBe("ACCESS_DENIED");
  expect(await erasureOf(crm, userId)).toMatchObject({ attempts: 0, state: "pending" });
  crm.portal.clearFaults();
  await isDone(crm, userId);
  expect(hits(portalText(crm), words)).toEqual([]);
});

test("a worker that is killed in the midst of it leaves the erasing to its successor", async () => {
  const crm = await startCrm({ env: { ERASE_IN_CRM: "delete" } });
  const first = crm.newWorker();
  first.start();
  const people = await Promise.all([1, 2, 3].map(() => crm.register()));
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(3);
  await first.stop();
  // The process dies while its first removal is on the line.
  crm.portal.fail({ kind: "slow", afterMs: 300, match: "crm.item.delete" });
  for (const userId of people) await erase(crm, userId);
  const env = { ...process.env, ...workerEnv(crm) };
  const child = fork(await compileFile(join(import.meta.dirname, "../test/worker-process.ts")), {
    execArgv: [],
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await expect.poll(() => crm.portal.requests, { interval: 5 }).toBeGreaterThan(0);
  await expect.poll(() => crm.portal.deals.size, { interval: 5 }).toBeLessThan(3);
  child.kill("SIGKILL");
  await once(child, "exit");
  crm.portal.clearFaults();

  crm.newWorker().start();
  for (const userId of people) await isDone(crm, userId);
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([0, 0]);
});

function workerEnv(crm: CrmHarness): Record<string, string> {
  const { BITRIX24_WEBHOOK_URL, BITRIX24_TIMEOUT_MS, BITRIX24_SETTLE_MS, BITRIX24_RETRY_BASE_MS } = crm.services.env;
  return {
    DATABASE_URL: crm.database.url,
    ROLE: "worker",
    LOG_LEVEL: "error",
    ERASE_IN_CRM: "delete",
    BITRIX24_WEBHOOK_URL: String(BITRIX24_WEBHOOK_URL),
    BITRIX24_TIMEOUT_MS: String(BITRIX24_TIMEOUT_MS),
    BITRIX24_SETTLE_MS: String(BITRIX24_SETTLE_MS),
    BITRIX24_RETRY_BASE_MS: String(BITRIX24_RETRY_BASE_MS),
    BITRIX24_REQUESTS_PER_SECOND: "1000",
    BITRIX24_BURST: "1000",
  };
}

for (const step of ["crm.item.list", "crm.item.add", "crm.item.productrow.set", "crm.duplicate.findbycomm"])
  test(`a registration that is on its way while its person is erased (${step}) leaves nothing behind`, async () => {
    const crm = await startCrm();
    const userId = await crm.register(person);
    const underWay = new Promise<void>((resolve) => {
      const match = () => {
        resolve();
        return true;
      };
      crm.portal.fail({ kind: "slow", afterMs: 150, times: 1, method: step, match });
    });
    crm.newWorker().start();
    await underWay;
    await erase(crm, userId);
    await isDone(crm, userId);
    expect(hits(portalText(crm), words)).toEqual([]);
    expect(await userOf(crm, userId)).toMatchObject({ bitrix24ContactId: null, bitrix24DealId: null, firstName: "" });
    expect(crm.portal.deals.size).toBeLessThanOrEqual(1);
  });

test("a request of unknown outcome that takes effect late is waited for", async () => {
  const crm = await startCrm({ env: lateEffect.env });
  const userId = await crm.register(person);
  crm.portal.fail({ kind: "late", afterMs: lateEffect.afterMs, times: 1, match: "Пелагея" });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, userId)).crmInFlightUntil).not.toBeNull();
  await erase(crm, userId);
  await isDone(crm, userId);
  expect(hits(portalText(crm), words)).toEqual([]);
});

test("a payment that is on its way meanwhile does not move what was erased", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const worker = crm.newWorker();
  worker.start();
  const userId = await arrived(crm, person);
  const admin = await makeAdmin(crm.services.db);
  await Promise.all([
    setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" }).catch(() => {}),
    erase(crm, userId),
  ]);
  await isDone(crm, userId);
  await expect
    .poll(async () => (await crm.services.pool.query("select 1 from pgboss.job where name like 'crm-%'")).rows.length)
    .toBe(0);
  expect(hits(portalText(crm), words)).toEqual([]);
  expect(await crm.services.db.dealSnapshot.count({ where: { userId } })).toBe(0);
});

test("a contact of the portal's own that was only linked is left as it is; the deal is unlinked from it", async () => {
  const crm = await startCrm();
  const foreign = crm.portal.staff.addContact({ name: "Старый клиент" }, { phones: [person.phone] });
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  expect((await userOf(crm, userId)).bitrix24ContactId).toBe(foreign.id);
  const before = structuredClone(crm.portal.contacts.get(foreign.id));
  await erase(crm, userId);
  await isDone(crm, userId);
  expect(crm.portal.contacts.get(foreign.id)).toEqual(before);
  expect([...crm.portal.deals.values()].map(({ contactIds }) => contactIds)).toEqual([[]]);
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 1, left: 1 });
});

for (const { mode, noted } of [
  { mode: "delete", noted: "in the log" },
  { mode: "anonymise", noted: "in the log" },
  { mode: "anonymise", noted: "nowhere but with the earlier erasure" },
] as const)
  test(`a contact that two people share passes to the other one, and goes with them (${mode}, noted ${noted})`, async () => {
    const crm = await startCrm({ env: { ERASE_IN_CRM: mode } });
    crm.newWorker().start();
    const first = await arrived(crm, person);
    for (const contact of crm.portal.contacts.values()) (contact as { createdTime: number }).createdTime -= 60 * day;
    const second = await arrived(crm, {
      firstName: "Мария",
      lastName: null,
      email: "maria@example.com",
      phone: person.phone,
    });
    const contactId = (await userOf(crm, first)).bitrix24ContactId;
    expect((await userOf(crm, second)).bitrix24ContactId).toBe(contactId);
    await erase(crm, first);
    await isDone(crm, first);

    expect([...crm.portal.contacts.values()]).toMatchObject([
      { id: contactId, name: "Мария", lastName: "", originId: `user-${second}` },
    ]);
    expect(hits(portalText(crm), ["пелагея", "вырубова", "pelageya"])).toEqual([]);
    // The other person has the same phone.
    expect(hits(portalText(crm), [person.phone])).toEqual([person.phone]);
    expect([...crm.portal.deals.values()].filter(({ originId }) => originId === `user-${second}`)).toHaveLength(1);

    const isHandedOver = { userId: second, contactId, method: "found" };
    const logged =
      noted === "in the log"
        ? await crm.services.db.crmLog.count({ where: isHandedOver })
        : (await crm.services.db.crmLog.deleteMany({ where: isHandedOver })).count;
    expect(logged).toBe(1);
    await erase(crm, second);
    await isDone(crm, second);
    expect(hits(portalText(crm), ["мария", "maria", person.phone])).toEqual([]);
    expect(crm.portal.contacts.size).toBe(mode === "delete" ? 0 : 1);
  });

test("a record of another person with the same user id, left by another database, is not touched", async () => {
  const crm = await startCrm();
  const userId = await crm.register(person);
  const other = crm.portal.staff.addContact(
    { name: "Чужой", originatorId: crm.services.env.BITRIX24_ORIGINATOR_ID, originId: `user-${userId}` },
    { emails: ["other@example.com"] },
  );
  const before = structuredClone(crm.portal.contacts.get(other.id));
  await crm.services.db.user.update({ where: { id: userId }, data: { crmState: "FAILED" } });
  await erase(crm, userId);
  crm.newWorker().start();
  await isDone(crm, userId);
  expect(crm.portal.contacts.get(other.id)).toEqual(before);
});

test("what managers removed or merged already counts as done", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, userId);
  crm.portal.staff.deleteDeal(bitrix24DealId ?? 0);
  crm.portal.staff.deleteContact(bitrix24ContactId ?? 0);
  await erase(crm, userId);
  await isDone(crm, userId);
});

test("a job that was lost with the queue comes back from the row", async () => {
  const crm = await startCrm();
  const worker = crm.newWorker();
  const userId = await crm.register(person);
  await erase(crm, userId);
  await crm.services.pool.query("delete from pgboss.job");
  await sweepErasures(crm.services);
  await sweepErasures(crm.services);
  const { rows } = await crm.services.pool.query("select 1 from pgboss.job where name = 'crm-erasure'");
  expect(rows).toHaveLength(1);
  worker.start();
  await isDone(crm, userId);
});

test("a portal that demands a phone and an e-mail of contacts gets some that are nobody's", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  crm.portal.fail({
    kind: "command",
    method: "crm.item.update",
    code: "CRM_FIELD_ERROR_REQUIRED",
    match: '"value":""',
  });
  await erase(crm, userId);
  await isDone(crm, userId);
  expect(hits(portalText(crm), words)).toEqual([]);
  const [contact] = crm.portal.contacts.values();
  expect(contact?.fm.map(({ value }) => value)).toEqual([`erased-${userId}@erased.invalid`, "0000000000"]);
  expect(await erasureOf(crm, userId)).toMatchObject({ counts: { anonymised: 2 }, error: null });
});

test("a portal that turns every change down says why, is told of by mail, and may be asked to delete instead", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  crm.portal.fail({ kind: "command", method: "crm.item.update", code: "ACCESS_DENIED" });
  await erase(crm, userId);
  await expect
    .poll(async () => (await alertMails(crm)).filter(({ text }) => text.includes(`/admin/rights/${userId}`)))
    .toHaveLength(1);
  expect(await getErasure(crm.services, userId)).toMatchObject({ state: "pending", error: "ACCESS_DENIED" });
  // Other erasures continue.
  await arrived(crm, { firstName: "Иван", email: "ivan@example.com", phone: "+79160000001" });

  const admin = await makeAdmin(crm.services.db);
  await retryErasure(crm.services, { actor: admin, userId, byDeleting: true });
  await isDone(crm, userId);
  expect(hits(portalText(crm), words)).toEqual([]);
  expect(await erasureOf(crm, userId)).toMatchObject({ mode: "delete", counts: { deleted: 2 } });

  // Asked for again on a page that was opened before the portal had followed.
  const done = await getErasure(crm.services, userId);
  await retryErasure(crm.services, { actor: admin, userId, byDeleting: false });
  expect(await getErasure(crm.services, userId)).toEqual(done);
  expect(await crm.services.db.auditEntry.count({ where: { action: "person.eraseAgain" } })).toBe(1);
  const other = { actor: admin, userId: admin.id, byDeleting: false };
  await expect(retryErasure(crm.services, other)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
