import { expect, test } from "vitest";
import type { FirstOptions } from "../../e2e/portal/settings";
import type { FormSettings } from "../forms/definition";
import { setPaid } from "../payments/payments";
import { openBreaker, readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";
import { admin } from "../test/factories";

let crm: CrmHarness;

const products = [
  { id: 1777, name: "Course", price: 149, currency: "USD", active: true },
  { id: 1800, name: "Book", price: 20, currency: "USD", active: true },
];
const portal: FirstOptions = { products };

async function makeForm(slug: string, settings: FormSettings, closedAt: Date | null = null): Promise<number> {
  const { id } = await crm.services.db.form.create({ data: { slug, name: slug, definition: { settings }, closedAt } });
  await crm.services.forms.reload();
  return id;
}

async function register(formId: number | null, overrides: Parameters<CrmHarness["register"]>[0] = {}) {
  return crm.register({ ...overrides, formId });
}

const synced = async (ids: number[]) =>
  expect.poll(() => crm.services.db.user.count({ where: { id: { in: ids }, crmState: "SYNCED" } })).toBe(ids.length);

const dealOf = (userId: number) => [...crm.portal.deals.values()].find(({ originId }) => originId === `user-${userId}`);
const contactOf = (userId: number) =>
  [...crm.portal.contacts.values()].find(({ originId }) => originId === `user-${userId}`);
const soldTo = (userId: number) =>
  (crm.portal.rows.get(dealOf(userId)?.id ?? 0) ?? []).map(({ productId, price }) => [productId, price]);
const holds = () => crm.services.db.formHold.findMany({ select: { formId: true, code: true } });
const calls = (method: string) => crm.portal.calls.filter((call) => call.method === method).length;

test("each registration is sent with what its form says, and the site's settings hold for the rest", async () => {
  crm = await startCrm({ portal, env: { BITRIX24_PRODUCT_ID: "1777", BITRIX24_ASSIGNED_BY_IDS: "1" } });
  const form = await makeForm("books", {
    product: "1800",
    funnel: "1",
    source: "CALL",
    dealTitle: "Book for {name}",
    responsible: "2, 3",
    fields: "text:Shelf=deal.additionalInfo",
  });
  const ids = [await register(null), await register(form), await register(1), await register(form)];
  crm.newWorker().start();
  await synced(ids);
  const [first, book, other, second] = ids.map((id) => dealOf(id));
  for (const deal of [first, other]) expect(deal).toMatchObject({ categoryId: 0, sourceId: "WEB", assignedById: 1 });
  for (const deal of [book, second])
    expect(deal).toMatchObject({
      categoryId: 1,
      stageId: "C1:NEW",
      sourceId: "CALL",
      opportunity: 20,
      title: expect.stringMatching(/^Book for /),
      additionalInfo: "Shelf",
    });
  // They take turns among themselves.
  expect([book?.assignedById, second?.assignedById].sort()).toEqual([2, 3]);
  expect(contactOf(ids[1] as number)?.sourceId).toBe("CALL");
  expect(ids.map((id) => soldTo(id))).toEqual([[[1777, 149]], [[1800, 20]], [[1777, 149]], [[1800, 20]]]);
});

test("a form's own product is sold at its own price, and its own funnel begins with its first stage", async () => {
  crm = await startCrm({ portal, env: { BITRIX24_PRICE_USD: "99", BITRIX24_STAGE_ID: "PREPARATION" } });
  const book = await makeForm("books", { product: "1800", funnel: "1" });
  const dear = await makeForm("dear", { price: "300" });
  const usual = await makeForm("usual", { price: "" });
  const ids = [await register(null), await register(book), await register(dear), await register(usual)];
  crm.newWorker().start();
  await synced(ids);
  expect(ids.map((id) => soldTo(id))).toEqual([[[1777, 99]], [[1800, 20]], [[1777, 300]], [[1777, 149]]]);
  expect(ids.map((id) => dealOf(id)?.stageId)).toEqual(["PREPARATION", "C1:NEW", "PREPARATION", "PREPARATION"]);
});

test("forms with the same product ask for it once, and a person of a closed or renamed form goes through", async () => {
  crm = await startCrm({ portal });
  const titles = await makeForm("one", { dealTitle: "A {name}" });
  const closed = await makeForm("two", { dealTitle: "B {name}" });
  const ids = [await register(null), await register(titles), await register(closed)];
  await crm.services.db.form.update({ where: { id: closed }, data: { closedAt: new Date(), slug: "renamed" } });
  await crm.services.forms.reload();
  crm.newWorker().start();
  await synced(ids);
  expect(ids.map((id) => dealOf(id)?.title?.slice(0, 2))).toEqual([expect.any(String), "A ", "B "]);
  expect(calls("catalog.product.get")).toBe(1);
});

test("a form that another process has just made is read before its people are sent", async () => {
  crm = await startCrm({ portal });
  const { id } = await crm.services.db.form.create({
    data: { slug: "new", name: "New", definition: { settings: { product: "1800" } } },
  });
  const person = await register(id);
  crm.newWorker().start();
  await synced([person]);
  expect(soldTo(person)).toEqual([[1800, 20]]);
});

test("a form whose product is gone holds up its own people only, tells once, and they follow when it is back", async () => {
  crm = await startCrm({ portal: { products: products.slice(0, 1) } });
  const form = await makeForm("books", { product: "1800" });
  const waiting = [await register(form), await register(form), await register(form)];
  const others = [await register(null), await register(null)];
  crm.newWorker().start();
  await synced(others);
  await expect.poll(holds).toEqual([{ formId: form, code: "PRODUCT_NOT_FOUND" }]);
  const later = await register(null);
  await synced([later]);
  const rows = await crm.services.db.user.findMany({ where: { id: { in: waiting } } });
  expect(rows.map(({ crmState, crmAttempts }) => [crmState, crmAttempts])).toEqual(Array(3).fill(["PENDING", 0]));
  const { pausedBy } = await crm.services.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } });
  expect(pausedBy).toBeNull();
  expect((await alertMails(crm)).map(({ subject }) => subject)).toEqual([expect.stringContaining("PRODUCT_NOT_FOUND")]);

  crm.portal.configure({ products });
  await synced(waiting);
  expect(waiting.map((id) => soldTo(id))).toEqual(Array(3).fill([[1800, 20]]));
  expect(await holds()).toEqual([]);
});

test("people of a form that is held up do not keep the whole queue paused", async () => {
  crm = await startCrm({ portal: { products: products.slice(0, 1) } });
  const form = await makeForm("books", { product: "1800" });
  const waiting = await register(form);
  const payer = await register(null);
  crm.newWorker().start();
  await synced([payer]);
  await expect.poll(holds).toEqual([{ formId: form, code: "PRODUCT_NOT_FOUND" }]);
  // As after an hour with a wrong webhook: nobody else has registered, so no registration can show that it is over.
  await openBreaker(crm.services, { code: "INVALID_CREDENTIALS" });
  await setPaid(crm.services, {
    actor: admin,
    userId: payer,
    isPaid: true,
    origin: "page",
  });
  await expect.poll(() => crm.portal.comments.size).toBe(1);
  expect(await readPortalState(crm.services)).toMatchObject({ pausedBy: null });
  expect(await holds()).toEqual([{ formId: form, code: "PRODUCT_NOT_FOUND" }]);
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id: waiting } })).toMatchObject({
    crmState: "PENDING",
    crmAttempts: 0,
  });
});

test("a clock that is set back by an hour while a form is held up does not put off its end", async () => {
  crm = await startCrm({ portal: { products: products.slice(0, 1) } });
  const form = await makeForm("books", { product: "1800" });
  const waiting = [await register(form), await register(form)];
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(holds).toEqual([{ formId: form, code: "PRODUCT_NOT_FOUND" }]);
  await worker.stop();
  // As the clock of before has written it.
  await crm.services.db.formHold.updateMany({ data: { probeAt: new Date(Date.now() + 3_600_000) } });
  crm.portal.configure({ products });
  crm.newWorker().start();
  await synced(waiting);
  expect(await holds()).toEqual([]);
});

test("a form that is held up goes on with the site's settings once it has none of its own", async () => {
  crm = await startCrm({ portal: { products: products.slice(0, 1) } });
  const form = await makeForm("books", { product: "1800" });
  const waiting = [await register(form), await register(form)];
  crm.newWorker().start();
  await expect.poll(holds).toEqual([{ formId: form, code: "PRODUCT_NOT_FOUND" }]);
  await crm.services.db.form.update({ where: { id: form }, data: { definition: {} } });
  await crm.services.forms.reload();
  await synced(waiting);
  expect(await holds()).toEqual([]);
});

test("a form whose stage the portal refuses burns nobody's attempts while other forms go on", async () => {
  crm = await startCrm({ portal: { ...portal, unknown: { stage: "refused" } } });
  const form = await makeForm("books", { stage: "C9:NOWHERE" });
  const waiting = [await register(form), await register(form)];
  crm.newWorker().start();
  for (let round = 0; round < 4; round++) await synced([await register(null), await register(null)]);
  await expect.poll(async () => (await holds()).map(({ formId }) => formId)).toEqual([form]);
  const rows = await crm.services.db.user.findMany({ where: { id: { in: waiting } } });
  expect(rows.map(({ crmState, crmAttempts }) => [crmState, crmAttempts])).toEqual(Array(2).fill(["PENDING", 0]));

  // A corrected form needs no probe of the old settings.
  await crm.services.db.form.update({ where: { id: form }, data: { definition: { settings: { product: "1800" } } } });
  await crm.services.forms.reload();
  await synced(waiting);
  expect(await holds()).toEqual([]);
});

test("the site's own product that is gone holds up no form with another product", async () => {
  crm = await startCrm({ portal: { products: products.slice(1) } });
  const form = await makeForm("books", { product: "1800" });
  const waiting = await register(null);
  const ids = [await register(form), await register(form)];
  crm.newWorker().start();
  await synced(ids);
  await expect.poll(holds).toEqual([{ formId: 1, code: "PRODUCT_NOT_FOUND" }]);
  crm.portal.configure({ products });
  await synced([waiting]);
});

test("a deal that was sent keeps its product when the form gets another one before its row is written", async () => {
  crm = await startCrm({ portal });
  const form = await makeForm("books", { product: "1800" });
  const person = await register(form);
  crm.portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "ROW", times: 3 });
  crm.newWorker().start();
  await expect.poll(() => dealOf(person)).toBeDefined();
  await crm.services.db.form.update({ where: { id: form }, data: { definition: { settings: {} } } });
  await crm.services.forms.reload();
  await synced([person]);
  expect(soldTo(person)).toEqual([[1800, 20]]);
});

test("forms that change all the time while registrations arrive lose and double nothing", async () => {
  crm = await startCrm({ portal });
  const form = await makeForm("books", { product: "1800" });
  crm.newWorker().start();
  const ids: number[] = [];
  for (let round = 0; round < 12; round++) {
    for (let n = 0; n < 4; n++) ids.push(await register(n % 2 ? form : null));
    const settings: FormSettings = {
      product: round % 2 ? "1777" : "1800",
      dealTitle: round % 3 ? "{number} {name}" : "{name}",
      responsible: round % 2 ? "1" : "",
    };
    await crm.services.db.form.update({
      where: { id: form },
      data: { definition: { settings }, closedAt: round % 4 === 3 ? new Date() : null },
    });
    await crm.services.forms.reload();
  }
  await synced(ids);
  for (const id of ids) {
    expect([...crm.portal.deals.values()].filter(({ originId }) => originId === `user-${id}`)).toHaveLength(1);
    expect([...crm.portal.contacts.values()].filter(({ originId }) => originId === `user-${id}`)).toHaveLength(1);
    expect([[[1777, 149]], [[1800, 20]]]).toContainEqual(soldTo(id));
    expect(dealOf(id)?.opportunity).toBe(soldTo(id)[0]?.[1]);
  }
});
