import { expect, test } from "vitest";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, lateEffect, shortTimeout, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

const allSynced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);

test("a registration becomes one contact, one deal in USD and one row of the product", async () => {
  const crm = await startCrm();
  const id = await crm.register({
    email: "anna@example.com",
    phone: "+79991234567",
    firstName: "Анна",
    lastName: "Каренина",
    utm: { utm_source: "yandex", utm_campaign: "осень" },
  });
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
  const [contact] = crm.portal.contacts.values();
  expect(contact).toMatchObject({ name: "Анна", lastName: "Каренина", sourceId: "WEB", ...(await crm.mark(id)) });
  const [deal] = crm.portal.deals.values();
  expect(deal).toMatchObject({ currencyId: "USD", opportunity: 49, utmSource: "yandex", utmCampaign: "осень" });
  expect(deal?.contactIds).toEqual([contact?.id]);
  expect(await userOf(crm, id)).toMatchObject({ bitrix24ContactId: contact?.id, bitrix24DealId: deal?.id });
});

test("a company stands in the deal's comment, as plain text", async () => {
  const crm = await startCrm();
  for (const company of [null, "ООО «Ромашка»", "[url=https://spam.example]<b>Win</b>[/url]"]) {
    const id = await crm.register();
    await crm.services.db.user.update({ where: { id }, data: { company } });
  }
  crm.newWorker().start();
  await allSynced(crm);
  expect([...crm.portal.deals.values()].map(({ comments }) => comments).sort()).toEqual([
    "",
    "Компания: (url=https://spam.example)‹b›Win‹/b›(/url)",
    "Компания: ООО «Ромашка»",
  ]);
});

test("fifty registrations travel together in a handful of requests", async () => {
  const crm = await startCrm();
  await crm.registerMany(50);
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
  expect(crm.portal.requests).toBeLessThanOrEqual(12);
});

test("100 registrations while one request in ten is executed and then cut: nothing lost, nothing twice", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "dropAfter", probability: 0.1 });
  const worker = crm.newWorker();
  worker.start();
  for (let i = 0; i < 100; i++) await crm.register();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("a request that takes effect long after it timed out makes no second contact or deal", async () => {
  const crm = await startCrm({ env: lateEffect.env });
  crm.portal.fail({ kind: "late", method: "crm.item.add", afterMs: lateEffect.afterMs, times: 2 });
  await crm.register();
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("after a portal has stopped hanging the registration arrives without help", async () => {
  const crm = await startCrm({ env: shortTimeout });
  crm.portal.fail({ kind: "hang" });
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmError).toBe("TIMEOUT");
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", crmAttempts: 0 });
  crm.portal.clearFaults();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("people who share a phone end with one contact and a deal each", async () => {
  const crm = await startCrm();
  const first = await crm.register({ phone: "+79995550000" });
  const second = await crm.register({ phone: "+79995550000" });
  const third = await crm.register({ phone: "+79995550000" });
  crm.newWorker().start();
  await allSynced(crm);
  expect(crm.portal.contacts.size).toBe(1);
  expect(crm.portal.deals.size).toBe(3);
  const ids = await Promise.all([first, second, third].map(async (id) => (await userOf(crm, id)).bitrix24ContactId));
  expect(new Set(ids).size).toBe(1);
});

test("text with the portal's batch macros arrives letter for letter", async () => {
  const crm = await startCrm();
  const names = ["$result[c0]", "$ERROR[x] & co", 'O\'Brien "quoted" 100% #1 +', "Имя 😀 $next", "a=b&c=d"];
  for (const firstName of names) await crm.register({ firstName, utm: { utm_source: "$total[c0]" } });
  await crm.register({ firstName: "Обычный" });
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
  expect([...crm.portal.contacts.values()].map((contact) => contact.name).sort()).toEqual([...names, "Обычный"].sort());
});

test("responsible persons are taken in turn", async () => {
  const crm = await startCrm({ env: { BITRIX24_ASSIGNED_BY_IDS: "2,3" } });
  for (let i = 0; i < 4; i++) await crm.register();
  crm.newWorker().start();
  await allSynced(crm);
  expect([...crm.portal.deals.values()].map((deal) => deal.assignedById).sort()).toEqual([2, 2, 3, 3]);
});

test("bad credentials pause the queue without burning attempts, alert once, and a probe resumes it", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "badCredentials" });
  const id = await crm.register();
  crm.newWorker().start();
  await expect
    .poll(async () => (await crm.services.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).pauseCode)
    .toBe("INVALID_CREDENTIALS");
  await expect.poll(() => crm.portal.requests).toBeGreaterThan(2);
  await expect.poll(() => alertMails(crm)).toHaveLength(1);
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", crmAttempts: 0 });
  crm.portal.clearFaults();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("a product without a price in USD makes registrations wait until it has one", async () => {
  const rubles = [{ id: 1777, name: "Курс", price: 4900, currency: "RUB", active: true }];
  const crm = await startCrm({ portal: { products: rubles } });
  await crm.register();
  crm.newWorker().start();
  await expect
    .poll(async () => (await crm.services.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).pauseCode)
    .toBe("PRODUCT_PRICE_NOT_USD");
  expect(crm.portal.contacts.size).toBe(0);
  crm.portal.configure({
    products: [{ ...rubles[0], id: 1777, name: "Курс", price: 55, currency: "USD", active: true }],
  });
  await allSynced(crm);
  expect([...crm.portal.deals.values()][0]).toMatchObject({ opportunity: 55, currencyId: "USD" });
});

test("a person whose data the portal refuses fails permanently after the last attempt, and others are not delayed", async () => {
  const crm = await startCrm({ env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "2" } });
  const bad = await crm.register({ firstName: "Отвергнутый" });
  crm.portal.fail({
    kind: "command",
    method: "crm.item.add",
    match: "%D0%9E%D1%82%D0%B2%D0%B5%D1%80%D0%B3",
    code: "CRM_FIELD_ERROR_VALUE_NOT_VALID",
  });
  crm.portal.fail({
    kind: "command",
    method: "crm.item.add",
    match: "Отвергнутый",
    code: "CRM_FIELD_ERROR_VALUE_NOT_VALID",
  });
  const good = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, bad)).crmState).toBe("FAILED");
  expect(await userOf(crm, bad)).toMatchObject({ crmAttempts: 20, crmError: "CRM_FIELD_ERROR_VALUE_NOT_VALID" });
  expect((await userOf(crm, good)).crmState).toBe("SYNCED");
  expect((await alertMails(crm)).map((mail) => mail.subject)).toEqual([
    expect.stringContaining(`registration ${bad} failed permanently`),
  ]);
});

test("two workers compete: one leads, the other takes over, and every registration arrives once", async () => {
  const crm = await startCrm();
  const leaders = () => crm.lines.filter(({ msg }) => String(msg).startsWith("this process is the leader")).length;
  const first = crm.newWorker();
  const second = crm.newWorker();
  first.start();
  await expect.poll(leaders).toBe(1);
  second.start();
  for (let i = 0; i < 20; i++) await crm.register();
  expect(leaders()).toBe(1);
  await first.stop();
  for (let i = 0; i < 20; i++) await crm.register();
  await allSynced(crm);
  expect(leaders()).toBe(2);
  expect(await findFaults(crm)).toEqual([]);
});

test("the log tells every step with user, method, outcome and duration, and no personal data or key", async () => {
  const crm = await startCrm();
  const userId = await crm.register({ email: "secret.person@example.com", firstName: "Тайна", phone: "+79990001122" });
  crm.newWorker().start();
  await allSynced(crm);
  const steps = () => crm.lines.filter((line) => line.msg === "bitrix24");
  // The last line follows the row that says that the registration is complete.
  await expect
    .poll(() => steps().map((line) => line.method))
    .toEqual(["lookup", "crm.item.add", "crm.item.add", "crm.item.productrow.set"]);
  for (const step of steps()) expect(step).toMatchObject({ userId, outcome: "OK", durationMs: expect.any(Number) });
  const text = JSON.stringify(crm.lines);
  for (const secret of ["secret.person", "Тайна", "9990001122", "standinportalkey"]) expect(text).not.toContain(secret);
  expect(await crm.services.db.crmLog.count({ where: { userId } })).toBe(4);
});

test("an empty success of a single call proves nothing: the product row is set again", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "emptyBatch", method: "crm.item.productrow.set", times: 2 });
  await crm.register();
  crm.newWorker().start();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});
