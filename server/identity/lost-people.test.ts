import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import { restoreBackup } from "../backup/restore";
import { writeBackup } from "../backup/write";
import { loggedRecords } from "../crm/made-records";
import { resumeQueue } from "../queue/pause";
import { type CrmHarness, createCrmHarness, type Registered } from "../test/crm";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { admin } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { refuseStep } from "../test/refused-step";

const folder = makeTestFolder();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => removeTestFolder(folder));

const day = 86_400_000;
const anna = { email: "anna@example.com", phone: "+79990001122", firstName: "Анна", lastName: "Каренина" };

interface Lost {
  server: PortalServer;
  database: TestDatabase;
  /** Of the person whom the database has lost. */
  contactId: number;
  dealId: number;
}

const synced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
const user = ({ services }: CrmHarness, email: string) => services.db.user.findUniqueOrThrow({ where: { email } });
const dealsOf = ({ portal }: PortalServer, contactId: number) =>
  [...portal.deals.values()].filter((deal) => deal.contactId === contactId).map(({ id }) => id);
const held = ({ portal }: PortalServer, id: number) =>
  structuredClone([portal.deals.get(id), portal.rows.get(id) ?? []] as const);

const env = { BITRIX24_PAID_STAGE_ID: "WON" };

async function open({ server, database }: Pick<Lost, "server" | "database">): Promise<CrmHarness> {
  const crm = await createCrmHarness({ server, database, env });
  closers.push(crm.close);
  return crm;
}

/** A database that was restored from a backup of before Anna had registered. */
async function loseAnna({ byCommand = true } = {}): Promise<Lost> {
  const server = await startPortal({ limits: { bucket: 0 } });
  const database = await createTestDatabase();
  closers.push(server.close, database.drop);
  const before = await open({ server, database });
  const worker = before.newWorker();
  worker.start();
  await before.register({ email: "first@example.com", phone: "+79995550000" });
  await synced(before);
  const file = join(folder, `${database.url.split("/").at(-1)}`);
  await writeBackup(database.pool, file);
  const { part } = await database.db.installation.findUniqueOrThrow({ where: { id: 1 } });
  await before.register(anna);
  await synced(before);
  const { bitrix24ContactId, bitrix24DealId } = await user(before, anna.email);
  await worker.stop();
  await restoreBackup(database.url, file);
  if (!byCommand) {
    await database.db.installation.update({ where: { id: 1 }, data: { part } });
    await database.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: null, pausedAt: null } });
  }
  return { server, database, contactId: bitrix24ContactId ?? 0, dealId: bitrix24DealId ?? 0 };
}

/** As if the lost person had registered days ago. */
function makeOlder({ server: { portal }, dealId, contactId }: Lost): void {
  for (const record of [portal.deals.get(dealId), portal.contacts.get(contactId)])
    (record as { createdTime: number }).createdTime -= 2 * day;
}

/** `early`: registered before any process has noticed the restoration, so with the number of the lost person. */
async function register(lost: Lost, person: Partial<Registered>, { early = false } = {}): Promise<CrmHarness> {
  const crm = await open(lost);
  await resumeQueue(crm.services, { actor: admin });
  const { portal, client } = crm.services.bitrix24;
  if (!early) await portal.assertKnown(client);
  await crm.register(person);
  crm.newWorker().start();
  await synced(crm);
  return crm;
}

test("a person whom a restored database has lost and who registers again keeps the one contact and the one deal", async () => {
  const lost = await loseAnna();
  const [before, rows] = held(lost.server, lost.dealId);
  const crm = await register(lost, anna);
  const person = await user(crm, anna.email);
  expect(person).toMatchObject({ bitrix24ContactId: lost.contactId, bitrix24DealId: lost.dealId });
  expect(crm.portal.contacts.size).toBe(2);
  expect(crm.portal.deals.size).toBe(2);
  const [after, rowsAfter] = held(lost.server, lost.dealId);
  const changed = (deal: typeof before) => ({ ...deal, originatorId: "", originId: "", updatedTime: "" });
  expect(after).toMatchObject(await crm.mark(person.id));
  expect(JSON.stringify(changed(after))).toBe(JSON.stringify(changed(before)));
  expect(rowsAfter).toEqual(rows);
  // What was made here may be removed from here.
  expect(await loggedRecords(crm.services.db, person.id)).toMatchObject({ deals: [lost.dealId] });
});

test("a payment that the portal knows of a lost person is known here again", async () => {
  const lost = await loseAnna();
  lost.server.portal.staff.updateDeal(lost.dealId, { stageId: "WON" });
  const crm = await register(lost, anna);
  await expect.poll(async () => (await user(crm, anna.email)).isPaid).toBe(true);
  expect(lost.server.portal.deals.get(lost.dealId)?.stageId).toBe("WON");
});

test("what a manager sells a lost person in the meantime stays as it is", async () => {
  const lost = await loseAnna();
  const { staff } = lost.server.portal;
  staff.setRows(lost.dealId, [{ productId: 5, price: 100, quantity: 1 }]);
  const [, rows] = held(lost.server, lost.dealId);
  const crm = await register(lost, anna);
  expect((await user(crm, anna.email)).bitrix24DealId).toBe(lost.dealId);
  expect(held(lost.server, lost.dealId)[1]).toEqual(rows);
});

test.each([
  ["has another e-mail, like a family with one phone", { ...anna, email: "vronsky@example.com" }],
  ["has another phone", { ...anna, phone: "+79998887766" }],
])("a deal of a lost registration is not given to a person who %s", async (_name, other) => {
  const lost = await loseAnna();
  const before = held(lost.server, lost.dealId);
  const crm = await register(lost, other);
  const { bitrix24DealId } = await user(crm, other.email);
  expect(bitrix24DealId).not.toBe(lost.dealId);
  expect(held(lost.server, lost.dealId)).toEqual(before);
  expect(dealsOf(lost.server, lost.contactId)).toHaveLength(2);
});

test("a person who was given the lost one's number gets an own deal, and the lost one keeps the earlier deal", async () => {
  const lost = await loseAnna({ byCommand: false });
  const before = held(lost.server, lost.dealId);
  const other = { email: "other@example.com", phone: "+79993334455" };
  const crm = await register(lost, other, { early: true });
  expect(`user-${(await user(crm, other.email)).id}`).toBe(before[0]?.originId);
  expect(held(lost.server, lost.dealId)).toEqual(before);
  // Her deal is older than the person who has that number now.
  const { id } = await user(crm, other.email);
  await crm.services.db.user.update({ where: { id }, data: { insertedAt: new Date(Date.now() + 3_600_000) } });
  await crm.register(anna);
  await synced(crm);
  expect((await user(crm, anna.email)).bitrix24DealId).toBe(lost.dealId);
  expect((await user(crm, other.email)).bitrix24DealId).not.toBe(lost.dealId);
  expect(lost.server.portal.deals.size).toBe(3);
});

test.each([
  ["keeps the deal", anna.email, true],
  ["with another e-mail, like a family with one phone, gets an own deal", "vronsky@example.com", false],
])("a person who was given the lost one's number and fits her contact %s", async (_name, email, keeps) => {
  const lost = await loseAnna();
  const before = held(lost.server, lost.dealId);
  const crm = await register(lost, { ...anna, email }, { early: true });
  const person = await user(crm, email);
  expect(`user-${person.id}`).toBe(before[0]?.originId);
  expect(person.bitrix24ContactId).toBe(lost.contactId);
  expect(person.bitrix24DealId === lost.dealId).toBe(keeps);
  expect(held(lost.server, lost.dealId)).toEqual(before);
  expect(dealsOf(lost.server, lost.contactId)).toHaveLength(keeps ? 1 : 2);
});

test.each([
  ["who registers", {}],
  ["whom a list brings back with the day of her registration", { createdAt: new Date("2024-05-01") }],
])(
  "a person %s and who was given the lost one's number long after her deal was made adopts it",
  async (_way, stated) => {
    const lost = await loseAnna();
    const { deals } = lost.server.portal;
    makeOlder(lost);
    const crm = await register(lost, { ...anna, ...stated }, { early: true });
    const person = await user(crm, anna.email);
    expect(person).toMatchObject({ bitrix24ContactId: lost.contactId, bitrix24DealId: lost.dealId });
    expect(deals.get(lost.dealId)).toMatchObject(await crm.mark(person.id));
    expect(deals.size).toBe(2);
  },
);

test("a deal that a row of this database names is given to no other person, even one who fits its contact", async () => {
  const lost = await loseAnna();
  const crm = await register(lost, anna);
  await crm.services.db.user.update({
    where: { email: anna.email },
    data: { email: "moved@example.com", phone: "+79991110000" },
  });
  const before = held(lost.server, lost.dealId);
  await crm.register(anna);
  await synced(crm);
  expect((await user(crm, anna.email)).bitrix24DealId).not.toBe(lost.dealId);
  expect(held(lost.server, lost.dealId)).toEqual(before);
});

test("a deal with another installation's mark is given to nobody", async () => {
  const lost = await loseAnna();
  for (const record of [lost.server.portal.deals.get(lost.dealId), lost.server.portal.contacts.get(lost.contactId)])
    (record as { originatorId: string }).originatorId = "registration-abcdefghjkmn";
  const before = held(lost.server, lost.dealId);
  const crm = await register(lost, anna);
  expect((await user(crm, anna.email)).bitrix24DealId).not.toBe(lost.dealId);
  expect(held(lost.server, lost.dealId)).toEqual(before);
});

test.each([
  ["a person with a number of her own", false],
  ["a person with the lost one's number", true],
])("an adoption by %s whose answer is lost gives one deal all the same", async (_name, early) => {
  const lost = await loseAnna();
  makeOlder(lost);
  lost.server.portal.fail({ kind: "dropAfter", method: "crm.item.update", times: 1 });
  const crm = await register(lost, anna, { early });
  const person = await user(crm, anna.email);
  expect(person).toMatchObject({ bitrix24ContactId: lost.contactId, bitrix24DealId: lost.dealId });
  expect(lost.server.portal.deals.size).toBe(2);
  expect(lost.server.portal.deals.get(lost.dealId)).toMatchObject(await crm.mark(person.id));
  expect(await loggedRecords(crm.services.db, person.id)).toMatchObject({ deals: [lost.dealId] });
});

test("an adopted deal keeps what managers sell on it, also where the registration is completed in a later attempt", async () => {
  const lost = await loseAnna();
  lost.server.portal.staff.setRows(lost.dealId, [{ productId: 1800, price: 70, quantity: 1 }]);
  lost.server.portal.fail({ kind: "command", method: "crm.item.productrow.list", code: "LATER", times: 1 });
  const crm = await register(lost, anna);
  expect((await user(crm, anna.email)).bitrix24DealId).toBe(lost.dealId);
  expect(lost.server.portal.rows.get(lost.dealId)).toMatchObject([{ productId: 1800 }]);
});

test("the row names an adopted deal only together with the note that it was made here", async () => {
  const lost = await loseAnna();
  const crm = await open(lost);
  await resumeQueue(crm.services, { actor: admin });
  await crm.services.bitrix24.portal.assertKnown(crm.services.bitrix24.client);
  const refusal = await refuseStep(lost.database.pool, "found");
  const id = await crm.register(anna);
  crm.newWorker().start();
  await expect.poll(refusal.isRefused).toBe(true);
  expect(await user(crm, anna.email)).toMatchObject({ bitrix24DealId: null });
  await refusal.end();
  await synced(crm);
  expect(await user(crm, anna.email)).toMatchObject({ bitrix24DealId: lost.dealId });
  expect(await loggedRecords(crm.services.db, id)).toMatchObject({ deals: [lost.dealId] });
  expect(crm.portal.deals.size).toBe(2);
});

test("a person whose adoption the portal refuses gets an own deal", async () => {
  const lost = await loseAnna();
  lost.server.portal.fail({ kind: "command", method: "crm.item.update", code: "ACCESS_DENIED" });
  const crm = await register(lost, anna);
  expect((await user(crm, anna.email)).bitrix24DealId).not.toBe(lost.dealId);
  expect(dealsOf(lost.server, lost.contactId)).toHaveLength(2);
});
