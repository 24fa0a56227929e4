import { expect, test } from "vitest";
import type { FirstOptions } from "../../e2e/portal/settings";
import { readPortalState } from "../queue/circuit-breaker";
import { saveSettings } from "../settings/change";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";
import { admin } from "../test/factories";

const strict: FirstOptions = { unknown: { responsible: "refused" } };
/** Retries are so slow that a refused person cannot succeed by chance. */
const slow = { BITRIX24_RETRY_BASE_MS: "3600000", BITRIX24_RETRY_MAX_MS: "3600000", BITRIX24_TIMEOUT_MS: "60000" };

async function start(env: Record<string, string>, portal: FirstOptions = strict): Promise<CrmHarness> {
  return startCrm({ portal, env: { ...slow, ...env } });
}

const owners = ({ portal }: CrmHarness) => [...portal.deals.values()].map(({ assignedById }) => Number(assignedById));
const alerts = async (crm: CrmHarness) => (await alertMails(crm)).map(({ subject }) => subject);
const refusedWrites = ({ portal }: CrmHarness) =>
  portal.calls.filter(({ method, error }) => /\.(add|set|update)$/.test(method) && error);

async function expectAllThrough(crm: CrmHarness) {
  const { db } = crm.services;
  await expect.poll(() => db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
  expect(await findFaults(crm)).toEqual([]);
  expect(await db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
}

test.each([
  ["has left", "2,4,3", 4, 0],
  ["is not there", "99,2,3", 99, 1],
])("a responsible person who %s is skipped, with one alert that names the id", async (_name, ids, id, refusals) => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: ids });
  await crm.registerMany(30);
  crm.newWorker().start();
  await expectAllThrough(crm);
  expect(new Set(owners(crm))).toEqual(new Set([2, 3]));
  expect(await alerts(crm)).toEqual([expect.stringContaining(String(id))]);
  expect(refusedWrites(crm)).toHaveLength(refusals);
});

test("one who has left is skipped too where the portal gives deals to whom it is told, and is asked about once", async () => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "2,4,3" }, {});
  const first = await crm.registerMany(6);
  await crm.services.db.user.updateMany({ where: { id: { in: first.slice(0, 2) } }, data: { crmAssignedById: 4 } });
  crm.newWorker().start();
  await expectAllThrough(crm);
  await crm.registerMany(6);
  await expectAllThrough(crm);
  expect(new Set(owners(crm))).toEqual(new Set([2, 3]));
  expect(await alerts(crm)).toEqual([expect.stringContaining("4")]);
  const asked = crm.portal.calls.filter(({ method, inBatch }) => method === "user.get" && !inBatch);
  expect(asked).toHaveLength(1);
});

test.each([
  ["are closed to the webhook", "command"],
  ["cannot be read for an outage", "500"],
] as const)("where employees %s, everybody keeps the turn and registrations go on", async (_name, kind) => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "2,4" }, {});
  crm.portal.fail({ kind, method: "user.get", code: "ACCESS_DENIED" });
  await crm.registerMany(6);
  crm.newWorker().start();
  await expectAllThrough(crm);
  expect(new Set(owners(crm))).toEqual(new Set([2, 4]));
  expect(await alerts(crm)).toEqual([]);
});

test("the alert names the place where the responsible persons are set", async () => {
  const locked = await start({ BITRIX24_ASSIGNED_BY_IDS: "4,2" });
  const set = await start({});
  const texts = { responsible: "4, 2" };
  await saveSettings(set.services, { actor: admin, texts, seen: 0 });
  for (const crm of [locked, set]) {
    await crm.registerMany(3);
    crm.newWorker().start();
    await expectAllThrough(crm);
  }
  const textsOf = async (crm: CrmHarness) => (await alertMails(crm)).map(({ text }) => text).join();
  const [ofVariable, ofPage] = [await textsOf(locked), await textsOf(set)];
  expect(ofVariable).toContain("Correct BITRIX24_ASSIGNED_BY_IDS");
  expect(ofVariable).not.toContain("/admin/settings");
  expect(ofPage).toContain(`${set.services.env.APP_URL}/admin/settings/deal`);
  expect(ofPage).not.toContain("BITRIX24_ASSIGNED_BY_IDS");
});

test("where the portal refuses all of them, the webhook's owner is responsible, with one alert for each", async () => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "4,98,99" });
  await crm.registerMany(12);
  crm.newWorker().start();
  await expectAllThrough(crm);
  expect(new Set(owners(crm))).toEqual(new Set([1]));
  const told = (await alertMails(crm)).map(({ text }) => text).join();
  for (const id of [4, 98, 99]) expect(told.match(new RegExp(`employee ${id} is refused`, "g"))).toHaveLength(1);
  expect(refusedWrites(crm)).toHaveLength(2);
});

test.each([
  ["in Russian", { ...strict, language: "ru" as const }],
  ["by a portal that tells nobody its fields", { ...strict, missingMethods: ["crm.item.fields"] }],
])("it is told %s", async (_name, portal) => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "4,2" }, portal);
  await crm.registerMany(3);
  crm.newWorker().start();
  await expectAllThrough(crm);
  expect(new Set(owners(crm))).toEqual(new Set([2]));
});

test.each([
  ["names the field", 'Access denied to field "Responsible person" (assignedById)'],
  ["says it in Russian", "Доступ запрещён: поле «Ответственный»"],
])(
  "a responsible person to whom the webhook may assign nothing is skipped where the portal %s",
  async (_name, text) => {
    const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "3,2" }, {});
    crm.portal.fail({
      kind: "command",
      method: "crm.item.add",
      code: "ACCESS_DENIED",
      text,
      match: ({ params }) => Number((params.fields as Record<string, unknown>).assignedById) === 3,
    });
    await crm.registerMany(6);
    crm.newWorker().start();
    await expectAllThrough(crm);
    expect(new Set(owners(crm))).toEqual(new Set([2]));
    expect(await alerts(crm)).toEqual([expect.stringContaining("3")]);
  },
);

test("a right that is missing altogether still pauses the queue, for every responsible person", async () => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "3,2" }, {});
  crm.portal.fail({ kind: "command", method: "crm.item.add", code: "ACCESS_DENIED", text: "Access denied" });
  await crm.registerMany(3);
  crm.newWorker().start();
  await expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe("ACCESS_DENIED");
  expect(await crm.services.db.refusedResponsible.count()).toBe(0);
});

test("a responsible person who leaves while registrations wait with that person stored", async () => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "2,3" });
  await crm.registerMany(6);
  await crm.services.db.user.updateMany({ data: { crmAssignedById: 3 } });
  crm.portal.configure({
    users: [
      { id: 1, name: "Vera", lastName: "Owner", email: "vera@portal.example", active: true, admin: true },
      { id: 2, name: "Maxim", lastName: "Manager", email: "maxim@portal.example", active: true, admin: false },
      { id: 3, name: "Nina", lastName: "Manager", email: "nina@portal.example", active: false, admin: false },
    ],
  });
  crm.newWorker().start();
  await expectAllThrough(crm);
  expect(new Set(owners(crm))).toEqual(new Set([2]));
  expect(refusedWrites(crm)).toHaveLength(0);
});

test("a responsible person who is employed again gets a turn after an hour, and the log says so once", async () => {
  const crm = await start({ BITRIX24_ASSIGNED_BY_IDS: "99" });
  await crm.registerMany(1);
  crm.newWorker().start();
  await expectAllThrough(crm);
  expect(await alerts(crm)).toHaveLength(1);
  crm.portal.configure({ unknown: { responsible: "stored" } });
  await crm.services.db.refusedResponsible.updateMany({ data: { refusedAt: new Date(Date.now() - 3_700_000) } });
  await crm.registerMany(1);
  await expectAllThrough(crm);
  expect(owners(crm)).toEqual([1, 99]);
  // Noted after the registration is complete.
  await expect.poll(() => crm.services.db.refusedResponsible.count()).toBe(0);
  expect((await alerts(crm)).slice(1)).toEqual([expect.stringContaining("is accepted again")]);
});
