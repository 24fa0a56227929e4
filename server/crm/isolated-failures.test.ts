import { expect, test } from "vitest";
import type { Call } from "../../e2e/portal/protocol/call";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";
import { userOf } from "../test/factories";
import { type Garble, garbled } from "../test/garbled-answers";
import { maxAttempts } from "./sync-run";

async function start(garble?: Garble, env: Record<string, string> = {}): Promise<CrmHarness> {
  return startCrm({
    env: {
      // No request may time out: slow answers are not the subject of this test.
      BITRIX24_TIMEOUT_MS: "60000",
      BITRIX24_SETTLE_MS: "1",
      BITRIX24_RETRY_BASE_MS: "5",
      BITRIX24_RETRY_MAX_MS: "5",
      ...env,
    },
    ...(garble ? { gateway: garbled(garble) } : {}),
  });
}

const synced = (crm: CrmHarness, ids: number[]) =>
  expect.poll(() => crm.services.db.user.count({ where: { id: { in: ids }, crmState: "SYNCED" } })).toBe(ids.length);
const givenUp = (crm: CrmHarness, id: number) =>
  expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
const pauses = async (crm: CrmHarness) => (await alertMails(crm)).filter(({ subject }) => subject.includes("paused"));

const failedTurns = ({ lines }: CrmHarness) => lines.filter(({ msg }) => msg === "worker turn failed, retrying");

const fieldsOf = ({ params }: Call) => (params.fields ?? {}) as Record<string, unknown>;
const isAdd = (command: Call, entityTypeId: number, userId: number) =>
  command.method === "crm.item.add" &&
  Number(command.params.entityTypeId) === entityTypeId &&
  fieldsOf(command).originId === `user-${userId}`;
const dealOf = (crm: CrmHarness, userId: number) =>
  [...crm.portal.deals.values()].find(({ originId }) => originId === `user-${userId}`)?.id;
const rowsAreRead = (crm: CrmHarness, { method, params }: Call, userId: number) =>
  method === "crm.item.productrow.list" &&
  Number((params.filter as Record<string, unknown>)["=ownerId"]) === dealOf(crm, userId);

/** Ids that cannot be parsed, and ids that the database cannot store. */
const odd: [name: string, id: unknown][] = [
  ["is missing", undefined],
  ["is a sentence", "none"],
  ["is true", true],
  ["is a fraction", 1.5],
  ["is larger than the database's integers", 3_000_000_000],
  ["is beyond every number", Number.MAX_VALUE],
];

test.each(odd)("a contact whose id %s holds up nobody in its batch, and is found by its mark", async (_name, id) => {
  let poison = 0;
  let left = 1;
  const crm = await start((command) => (isAdd(command, 3, poison) && left-- > 0 ? { item: { id } } : undefined));
  const ids = [await crm.register(), await crm.register(), await crm.register()];
  poison = ids[1] as number;
  crm.newWorker().start();
  await synced(crm, ids);
  expect(await findFaults(crm)).toEqual([]);
  const { crmAttempts: counted } = await userOf(crm, poison);
  expect(counted).toBe(1);
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(1);
});

test.each(odd)("a deal whose id %s holds up nobody in its batch, and is found by its mark", async (_name, id) => {
  let poison = 0;
  let left = 1;
  const crm = await start((command) =>
    isAdd(command, 2, poison) && left-- > 0 ? { item: { id, currencyId: "USD", opportunity: 49 } } : undefined,
  );
  const ids = [await crm.register(), await crm.register(), await crm.register()];
  poison = ids[0] as number;
  crm.newWorker().start();
  await synced(crm, ids);
  expect(await findFaults(crm)).toEqual([]);
  expect(failedTurns(crm)).toEqual([]);
});

test.each(odd)("a contact found with an id that %s is that person's failure alone", async (_name, id) => {
  let poison = "";
  const crm = await start(({ method, params }) => {
    const asked = method === "crm.duplicate.findbycomm" ? Object.values(params.values as object) : undefined;
    return asked?.includes(poison) ? { CONTACT: [id ?? null] } : undefined;
  });
  poison = "poison@example.com";
  const bad = await crm.register({ email: poison });
  await crm.services.db.user.update({ where: { id: bad }, data: { crmAttempts: maxAttempts - 3 } });
  const others = await Promise.all(Array.from({ length: 4 }, () => crm.register()));
  crm.newWorker().start();
  await synced(crm, others);
  await givenUp(crm, bad);
  expect(await userOf(crm, bad)).toMatchObject({ crmError: "BAD_ANSWER", bitrix24ContactId: null });
  await synced(crm, [await crm.register()]);
});

test("one deal whose rows cannot be understood holds up nobody whose rows are read with it", async () => {
  const readTogether: string[] = [];
  let poison = 0;
  const garble: Garble = (command) => {
    if (command.method === "crm.item.productrow.list") readTogether.push(JSON.stringify(command.params));
    return rowsAreRead(crm, command, poison) ? { odd: 1 } : undefined;
  };
  // The back-off is so long that no registration is retried during the test.
  const crm = await start(garble, { BITRIX24_RETRY_BASE_MS: "3600000", BITRIX24_RETRY_MAX_MS: "3600000" });
  crm.portal.fail({ kind: "500html", match: "crm.item.productrow.set?" });
  const ids = [await crm.register(), await crm.register(), await crm.register()];
  poison = ids[0] as number;
  const first = crm.newWorker();
  first.start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmError: { not: null } } })).toBe(3);
  await first.stop();
  crm.portal.clearFaults();
  await crm.services.db.user.update({ where: { id: poison }, data: { crmAttempts: maxAttempts - 1 } });
  // All three become due at once, together with a new one: the rows of four deals are read in one request.
  await crm.services.pool.query("update pgboss.job set start_after = now() where state = 'created'");
  const newcomer = await crm.register();

  crm.newWorker().start();
  await synced(crm, [...ids.slice(1), newcomer]);
  expect(new Set(readTogether).size).toBe(4);
  await givenUp(crm, poison);
  expect(await userOf(crm, poison)).toMatchObject({ crmError: "BAD_ANSWER" });
  await synced(crm, [await crm.register()]);
  expect(await pauses(crm)).toEqual([]);
});

test("rows that cannot be understood once are read again, and the registration arrives", async () => {
  let left = 4;
  let poison = 0;
  const crm: CrmHarness = await start((command) =>
    rowsAreRead(crm, command, poison) && left-- > 0 ? "nothing" : undefined,
  );
  crm.portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "OWNER_NOT_FOUND", times: 1 });
  poison = await crm.register();
  crm.newWorker().start();
  await synced(crm, [poison]);
  expect(left).toBeLessThanOrEqual(0);
  expect(await findFaults(crm)).toEqual([]);
});

test.each(["1e300", "1e999", "-1", "3000000"])(
  "a portal that says it took %s seconds for one command holds nobody up",
  async (seconds) => {
    const harness = await startCrm({
      gateway: { answer: (_method, text) => text.replace(/"duration":[^,}]+/g, `"duration":${seconds}`) },
    });
    const ids = [await harness.register(), await harness.register()];
    harness.newWorker().start();
    await synced(harness, ids);
    expect(await findFaults(harness)).toEqual([]);
  },
);

test("one deal that we may not touch is that person's matter, alone as well, and the queue goes on", async () => {
  const crm = await start();
  const ids = [await crm.register(), await crm.register(), await crm.register()];
  const denied = ids[1] as number;
  crm.portal.fail({
    kind: "command",
    method: "crm.item.productrow.set",
    code: "ACCESS_DENIED",
    match: ({ params }) => Number(params.ownerId) === dealOf(crm, denied),
  });
  crm.newWorker().start();
  await synced(
    crm,
    ids.filter((id) => id !== denied),
  );
  // No other registration is due by now: the last attempts are sent without others to compare with.
  await givenUp(crm, denied);
  expect(await userOf(crm, denied)).toMatchObject({ crmError: "ACCESS_DENIED", crmAttempts: maxAttempts });
  await synced(crm, [await crm.register()]);
  expect(await pauses(crm)).toEqual([]);
});

test("a right that is missing for every deal pauses the queue and costs no attempt", async () => {
  const crm = await start();
  crm.portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "ACCESS_DENIED" });
  const ids = [await crm.register(), await crm.register()];
  crm.newWorker().start();
  await expect.poll(async () => (await pauses(crm)).length).toBe(1);
  await expect
    .poll(() => crm.portal.calls.filter(({ method }) => method === "crm.item.productrow.set").length)
    .toBeGreaterThan(4);
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  crm.portal.clearFaults();
  await synced(crm, ids);
  expect(await pauses(crm)).toHaveLength(1);
});
