import { afterEach, beforeEach, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { listAudit } from "../audit/audit";
import { isAppError } from "../platform/errors";
import { pauseQueue } from "../queue/pause";
import { readStatistics } from "../statistics/statistics";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { eventually } from "../test/eventually";
import { makeAdmin, makeUser } from "../test/factories";
import { listTestRegistrations, removeTestRegistration, startTestRegistration } from "./test-registration";

const day = 86_400_000;

let crm: CrmHarness;
let actor: Actor;
beforeEach(() => open());
afterEach(() => crm.close());

async function open(env: Record<string, string> = {}) {
  crm = await createCrmHarness({ env });
  actor = await makeAdmin(crm.services.db);
  await crm.services.db.user.update({ where: { id: Number(actor.id) }, data: { crmState: "SYNCED" } });
}

const name = { firstName: "Тест", lastName: "Проверка связи" };
const start = () => startTestRegistration(crm.services, { actor, name, locale: "ru" });
const remove = (userId: number) => removeTestRegistration(crm.services, { actor, userId });
const row = (id: number) => crm.services.db.user.findUnique({ where: { id } });
const synced = (id: number) => eventually(async () => expect((await row(id))?.crmState).toBe("SYNCED"));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "OK",
    (error) => (isAppError(error) ? error.code : String(error)),
  );

test("a test registration travels like any other, and goes without a trace", async () => {
  const { id } = await start();
  const bystander = await crm.register();
  crm.newWorker().start();
  await synced(id);
  await synced(bystander);
  expect([...crm.portal.deals.values()].map((deal) => deal.originId).sort()).toEqual(
    [`user-${id}`, `user-${bystander}`].sort(),
  );

  expect(await remove(id)).toEqual({ deals: 1, contacts: 1 });
  expect(await row(id)).toBeNull();
  expect([...crm.portal.deals.values()].map((deal) => deal.originId)).toEqual([`user-${bystander}`]);
  expect([...crm.portal.contacts.values()].map((contact) => contact.originId)).toEqual([`user-${bystander}`]);
  const { entries } = await listAudit(crm.services, { targetId: id });
  expect(entries.map(({ action, details }) => ({ action, details }))).toEqual([
    { action: "test.remove", details: { deals: 1, contacts: 1 } },
    { action: "test.start", details: {} },
  ]);
});

test("a contact that was only linked stays on the portal", async () => {
  const { id } = await start();
  const user = await row(id);
  const { id: theirs } = crm.portal.staff.addContact({ name: "Чужой" }, { phones: [user?.phone ?? ""] });
  crm.newWorker().start();
  await synced(id);
  expect((await row(id))?.bitrix24ContactId).toBe(theirs);
  expect(await remove(id)).toEqual({ deals: 1, contacts: 0 });
  expect(crm.portal.contacts.has(theirs)).toBe(true);
});

test("what another installation, or nobody's log, has made under the same number stays on the portal", async () => {
  const { id } = await start();
  const person = await row(id);
  const { staff } = crm.portal;
  const fitting = { emails: [person?.email ?? ""] };
  const own = await crm.mark(id);
  const old = { originatorId: "registration", originId: `user-${id}` };
  const foreign = { originatorId: "registration-abcdefghjkmn", originId: `user-${id}` };
  for (const mark of [own, old, foreign]) {
    const stranger = staff.addContact({ name: "Клиент", ...mark }, { emails: ["customer@example.com"] });
    staff.addDeal({ title: "Заказ", contactId: stranger.id, ...mark });
    // Of a deal that has lost its contacts only its age says that it is not this person's.
    if (mark === own) crm.portal.advance(-30 * day);
    staff.addDeal({ title: "Без контакта", ...mark });
    if (mark === own) crm.portal.advance(30 * day);
  }
  for (const mark of [old, foreign]) {
    const alike = staff.addContact({ name: "Клиент", ...mark }, fitting);
    staff.addDeal({ title: "Заказ", contactId: alike.id, ...mark });
  }
  const before = { contacts: crm.portal.contacts.size, deals: crm.portal.deals.size };
  await crm.services.db.user.update({ where: { id }, data: { crmState: "FAILED" } });
  expect(await remove(id)).toEqual({ deals: 0, contacts: 0 });
  expect({ contacts: crm.portal.contacts.size, deals: crm.portal.deals.size }).toEqual(before);
});

test("what a request has made whose answer was lost is removed as well", async () => {
  const { id } = await start();
  const person = await row(id);
  const mark = await crm.mark(id);
  const contact = crm.portal.staff.addContact({ name: "Тест", ...mark }, { emails: [person?.email ?? ""] });
  crm.portal.staff.addDeal({ title: "Тест", contactId: contact.id, ...mark });
  await crm.services.db.user.update({ where: { id }, data: { crmState: "FAILED" } });
  expect(await remove(id)).toEqual({ deals: 1, contacts: 1 });
  expect(crm.portal.contacts.size + crm.portal.deals.size).toBe(0);
});

test("a contact that others are linked to as well stays for them", async () => {
  const { id } = await start();
  crm.newWorker().start();
  await synced(id);
  const { phone, bitrix24ContactId } = (await row(id)) ?? { phone: "", bitrix24ContactId: null };
  const other = await crm.register({ phone });
  await synced(other);
  expect((await row(other))?.bitrix24ContactId).toBe(bitrix24ContactId);
  expect(await remove(id)).toEqual({ deals: 1, contacts: 0 });
  expect(crm.portal.contacts.has(bitrix24ContactId ?? 0)).toBe(true);
});

test("nobody but a test registration can be removed", async () => {
  const { id } = await makeUser(crm.services.db);
  const lookalike = await makeUser(crm.services.db, { email: "person@example.invalid" });
  for (const userId of [id, lookalike.id, 2_000_000]) expect(await codeOf(remove(userId))).toBe("NOT_FOUND");
  expect(await row(id)).toMatchObject({ crmState: "PENDING" });
});

test("one that still waits its turn can be removed, and the worker passes over its job", async () => {
  await pauseQueue(crm.services, { actor });
  const { id } = await start();
  expect(await remove(id)).toEqual({ deals: 0, contacts: 0 });
  const { entries } = await listAudit(crm.services, { targetId: id });
  expect(entries.map(({ action }) => action)).toEqual(["test.remove", "test.stop", "test.start"]);
  await crm.services.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: null } });
  const other = await crm.register();
  crm.newWorker().start();
  await synced(other);
  expect([...crm.portal.deals.values()].map((deal) => deal.originId)).toEqual([`user-${other}`]);
});

test("one that the worker has in hand is stopped, waited for and removed", async () => {
  await crm.close();
  // What hangs may still take effect for both times together, and a removal waits no more than five seconds.
  await open({ BITRIX24_TIMEOUT_MS: "2000", BITRIX24_SETTLE_MS: "100" });
  const { id } = await start();
  // The portal is known: the worker's first request is the registration's.
  await crm.services.bitrix24.portal.assertKnown(crm.services.bitrix24.client);
  const { requests } = crm.portal;
  crm.portal.fail({ kind: "hang", method: "batch" });
  crm.newWorker().start();
  await eventually(() => expect(crm.portal.requests).toBeGreaterThan(requests));
  const removal = codeOf(remove(id));
  await eventually(async () => expect((await row(id))?.crmState).toBe("FAILED"));
  crm.portal.clearFaults();
  expect(await removal).toBe("OK");
  expect(await row(id)).toBeNull();
  expect(crm.portal.deals.size + crm.portal.contacts.size).toBe(0);
});

test("while a late request may still take effect, nothing is removed", async () => {
  const { id } = await start();
  await crm.services.db.user.update({
    where: { id },
    data: { crmState: "FAILED", crmInFlightUntil: new Date(Date.now() + 60_000) },
  });
  expect(await codeOf(remove(id))).toBe("CONFLICT");
});

test("if the portal refuses, the row stays and the removal can be repeated", async () => {
  const { id } = await start();
  crm.newWorker().start();
  await synced(id);
  crm.portal.fail({ kind: "command", method: "crm.item.delete", times: 1, code: "ERROR_CORE" });
  expect(await codeOf(remove(id))).toContain("ERROR_CORE");
  expect(await row(id)).not.toBeNull();
  expect(await codeOf(remove(id))).toBe("OK");
  expect(crm.portal.deals.size + crm.portal.contacts.size).toBe(0);
});

test("test registrations are listed until they are removed, and count in no statistic", async () => {
  const [first, second] = [await start(), await start()];
  expect((await listTestRegistrations(crm.services)).map(({ id }) => id)).toEqual([second.id, first.id]);
  const people = await crm.services.db.user.findMany({ where: { id: { in: [first.id, second.id] } } });
  expect(new Set(people.map(({ phone }) => phone)).size).toBe(2);
  expect((await readStatistics(crm.services, { days: 7 })).totals.registrations).toBe(0);
  await remove(first.id);
  expect((await listTestRegistrations(crm.services)).map(({ id }) => id)).toEqual([second.id]);
});

test("a form that is sent again leads to the test that it has started, unless that is removed", async () => {
  const send = (seen: number) => startTestRegistration(crm.services, { actor, name, locale: "ru", seen });
  const [first, second] = await Promise.all([send(0), send(0)]);
  expect(second).toEqual(first);
  expect((await send(first.id)).id).toBeGreaterThan(first.id);
  expect(await listTestRegistrations(crm.services)).toHaveLength(2);

  for (const { id } of await listTestRegistrations(crm.services)) await remove(id);
  await send(0);
  expect(await listTestRegistrations(crm.services)).toHaveLength(1);
});
