import { afterEach, expect, test } from "vitest";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import type { PortalOptions } from "../../e2e/portal/settings";
import { setPaid } from "../payments/payments";
import { type CrmHarness, createCrmHarness, findFaults } from "../test/crm";
import { admin, userOf } from "../test/factories";
import { reconcileAll } from "../test/reconcile";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(options: PortalOptions = {}): Promise<PortalServer> {
  const server = await startPortal({ limits: { bucket: 0 }, ...options });
  closers.push(server.close);
  return server;
}

async function install(server: PortalServer, env: Record<string, string> = {}): Promise<CrmHarness> {
  const crm = await createCrmHarness({ server, env });
  closers.push(crm.close);
  return crm;
}

/** As after the first start: the portal is known from now on, whatever records the stored ids name. */
const meetPortal = ({ services: { bitrix24 } }: CrmHarness) => bitrix24.portal.assertKnown(bitrix24.client);
const synced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);

/** All records on the portal, for checking that none of them changed. */
const held = ({ portal }: PortalServer) => ({
  contacts: structuredClone([...portal.contacts.values()]),
  deals: structuredClone([...portal.deals.values()]),
  rows: structuredClone([...portal.rows.entries()]),
});

test("each of several installations over one portal gives all its people a contact and a deal of their own", async () => {
  const server = await startServer();
  const installations = [await install(server), await install(server), await install(server)];
  for (const [number, crm] of installations.entries()) {
    const before = held(server);
    for (let made = 0; made < 3; made++)
      await crm.register({ email: `p${made}@site${number}.example`, phone: `+7999${number}00000${made}` });
    crm.newWorker().start();
    await synced(crm);
    const after = held(server);
    expect(after.contacts.slice(0, before.contacts.length)).toEqual(before.contacts);
    expect(after.deals.slice(0, before.deals.length)).toEqual(before.deals);
  }
  expect(server.portal.contacts.size).toBe(9);
  expect(server.portal.deals.size).toBe(9);
  const marks = new Set([...server.portal.deals.values()].map(({ originatorId }) => originatorId));
  expect(marks.size).toBe(3);
  for (const mark of marks) expect(mark).toMatch(/^registration-[a-z2-9]{12}$/);
});

test("a mark of before there were parts is taken for a person's own only where the record fits", async () => {
  const server = await startServer();
  const crm = await install(server);
  const { staff } = server.portal;
  const mark = (id: number) => ({ originatorId: "registration", originId: `user-${id}` });
  const strangers = staff.addContact({ name: "Чужая", ...mark(1) }, { emails: ["stranger@example.com"] });
  staff.addDeal({ title: "Чужая", contactId: strangers.id, ...mark(1) });
  staff.addDeal({ title: "Ничья", ...mark(1) });
  const own = staff.addContact({ name: "Своя", ...mark(2) }, { phones: ["8 (999) 222-33-44"] });
  const ownDeal = staff.addDeal({
    title: "Своя",
    contactId: own.id,
    currencyId: "USD",
    opportunity: 49,
    isManualOpportunity: "Y",
    ...mark(2),
  });
  const before = held(server);
  const first = await crm.register();
  const second = await crm.register({ phone: "+79992223344" });
  crm.newWorker().start();
  await synced(crm);

  expect(await userOf(crm, second)).toMatchObject({ bitrix24ContactId: own.id, bitrix24DealId: ownDeal.id });
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, first);
  expect(server.portal.contacts.get(bitrix24ContactId ?? 0)).toMatchObject(await crm.mark(first));
  expect(server.portal.deals.get(bitrix24DealId ?? 0)).toMatchObject(await crm.mark(first));
  expect(held(server).contacts.slice(0, 2)).toEqual(before.contacts);
  expect(held(server).deals.slice(0, 2)).toEqual(before.deals.slice(0, 2));
});

test("the numbers of people who were lost with a database name nobody's records again", async () => {
  const server = await startServer();
  const lost = await install(server);
  const restored = await install(server);
  await lost.register({ email: "lost@example.com", phone: "+79990000001" });
  lost.newWorker().start();
  await synced(lost);
  // The same part, and another person with the same id: a backup from before the first one registered.
  const { part } = await lost.services.db.installation.findUniqueOrThrow({ where: { id: 1 } });
  await restored.services.bitrix24.marks();
  await restored.services.db.installation.update({ where: { id: 1 }, data: { part } });
  const before = held(server);
  const id = await restored.register({ email: "new@example.com", phone: "+79990000002" });
  restored.newWorker().start();
  await synced(restored);
  const after = held(server);
  expect(after.contacts[0]).toEqual(before.contacts[0]);
  expect(after.deals[0]).toEqual(before.deals[0]);
  expect(await userOf(restored, id)).toMatchObject({
    bitrix24ContactId: after.contacts[1]?.id,
    bitrix24DealId: after.deals[1]?.id,
  });
});

test("stored ids that name other people's records are dropped, and the person's own records are created", async () => {
  const server = await startServer();
  const crm = await install(server);
  await meetPortal(crm);
  const { staff } = server.portal;
  const contact = staff.addContact({ name: "Чужая" }, { emails: ["stranger@example.com"] });
  const deal = staff.addDeal({ title: "Чужая", contactId: contact.id, currencyId: "RUB" });
  const before = held(server);
  const id = await crm.register();
  await crm.services.db.user.update({
    where: { id },
    data: { bitrix24ContactId: contact.id, bitrix24DealId: deal.id },
  });
  const gone = await crm.register();
  await crm.services.db.user.update({ where: { id: gone }, data: { bitrix24ContactId: 999, bitrix24DealId: 999 } });
  crm.newWorker().start();
  await synced(crm);
  expect(held(server).contacts[0]).toEqual(before.contacts[0]);
  expect(held(server).deals[0]).toEqual(before.deals[0]);
  expect(await findFaults(crm)).toEqual([]);
});

test("a deal of the person's own that bears another mark by now is neither written to nor made a second time", async () => {
  const server = await startServer();
  const crm = await install(server, { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" });
  await meetPortal(crm);
  const { staff } = server.portal;
  const id = await crm.register();
  const contact = staff.addContact({ name: "Имя1", ...(await crm.mark(id)) }, { emails: ["person1@example.com"] });
  const deal = staff.addDeal({ title: "1C", contactId: contact.id, originatorId: "1c", originId: "order-5" });
  await crm.services.db.user.update({
    where: { id },
    data: { bitrix24ContactId: contact.id, bitrix24DealId: deal.id },
  });
  const before = held(server);
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  expect((await userOf(crm, id)).crmError).toBe("FOREIGN_MARK");
  expect(held(server)).toEqual(before);
});

test("rows that were synced before marks had a part go on as they were", async () => {
  const server = await startServer();
  const crm = await install(server, { BITRIX24_PAID_STAGE_ID: "WON" });
  const id = await crm.register();
  const worker = crm.newWorker();
  worker.start();
  await synced(crm);
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, id);
  server.portal.staff.updateContact(bitrix24ContactId ?? 0, { originatorId: "registration" });
  server.portal.staff.updateDeal(bitrix24DealId ?? 0, { originatorId: "registration" });
  await setPaid(crm.services, { actor: admin, userId: id, isPaid: true, origin: "page" });
  await expect.poll(() => server.portal.deals.get(bitrix24DealId ?? 0)?.stageId).toBe("WON");
});

test.each([
  ["of nobody", {}],
  ["of another installation", { originatorId: "registration-abcdefghjkmn", originId: "user-1" }],
  ["of another person", { originatorId: "registration", originId: "user-77" }],
])(
  "a deal %s under a stored number is neither moved nor told of a payment, nor does it tell of one",
  async (_name, mark) => {
    const server = await startServer();
    const crm = await install(server, { BITRIX24_PAID_STAGE_ID: "WON" });
    const first = await crm.register();
    const second = await crm.register();
    crm.newWorker().start();
    await synced(crm);
    const dealId = (await userOf(crm, first)).bitrix24DealId ?? 0;
    server.portal.staff.updateDeal(dealId, { originatorId: "", originId: "", ...mark });
    const deal = structuredClone(server.portal.deals.get(dealId));
    await setPaid(crm.services, { actor: admin, userId: first, isPaid: true, origin: "page" });
    await setPaid(crm.services, { actor: admin, userId: second, isPaid: true, origin: "page" });
    await expect
      .poll(async () => server.portal.deals.get((await userOf(crm, second)).bitrix24DealId ?? 0)?.stageId)
      .toBe("WON");
    await reconcileAll(crm);
    expect(server.portal.deals.get(dealId)).toEqual(deal);
    expect([...server.portal.comments.values()].filter(({ entityId }) => entityId === dealId)).toEqual([]);

    await setPaid(crm.services, { actor: admin, userId: first, isPaid: false, origin: "page" });
    server.portal.staff.moveDeal(dealId, "WON");
    await reconcileAll(crm);
    expect((await userOf(crm, first)).isPaid).toBe(false);
  },
);

test("another person with the same phone is linked to the first one's contact while the portal cannot find it yet", async () => {
  const server = await startServer({ duplicateLagMs: 3_600_000 });
  const crm = await install(server);
  crm.newWorker().start();
  const first = await crm.register({ phone: "+79995550000" });
  await synced(crm);
  const second = await crm.register({ phone: "+79995550000" });
  const third = await crm.register({ phone: "+79995550000" });
  await synced(crm);
  expect(server.portal.contacts.size).toBe(1);
  expect(server.portal.deals.size).toBe(3);
  const { bitrix24ContactId, crmContactBy } = await userOf(crm, first);
  expect(crmContactBy).toBe("made");
  for (const id of [second, third])
    expect(await userOf(crm, id)).toMatchObject({ bitrix24ContactId, crmContactBy: "phone" });
});
