import { expect, test } from "vitest";
import { callPortal, idOf } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const add = (portal: Portal, fields: object = {}) => callPortal(portal, "crm.item.add", { entityTypeId: 2, fields });
const update = (portal: Portal, fields: object, id = 7001) =>
  callPortal(portal, "crm.item.update", { entityTypeId: 2, id, fields });
const legacyUpdate = (portal: Portal, fields: object, id = 7001) =>
  callPortal(portal, "crm.deal.update", { id, fields });

test("two equal adds make two deals", async () => {
  const portal = createPortal();
  await add(portal, { originId: "u-1" });
  await add(portal, { originId: "u-1" });
  expect([...portal.deals.keys()]).toEqual([7001, 7002]);
});

test("a deal without anything gets title, stage, currency, dates and the caller as responsible", async () => {
  const portal = createPortal();
  await add(portal);
  expect(portal.deals.get(7001)).toMatchObject({
    title: "Deal #7001",
    categoryId: 0,
    stageId: "NEW",
    currencyId: "RUB",
    assignedById: 1,
    closed: "N",
    isManualOpportunity: "N",
    begindate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
});

test("what follows from the stage is not the client's to say", async () => {
  const portal = createPortal();
  await add(portal, { closed: "Y", stageSemanticId: "F" });
  expect(portal.deals.get(7001)).toMatchObject({ closed: "N", stageSemanticId: "P", isNew: "Y" });
  await update(portal, { stageId: "WON", closed: "N" });
  expect(portal.deals.get(7001)).toMatchObject({ closed: "Y", stageSemanticId: "S", isNew: "N" });
  await update(portal, { stageId: "EXECUTING" });
  expect(portal.deals.get(7001)).toMatchObject({ closed: "N", stageSemanticId: "P" });
  await update(portal, { stageId: "LOSE" });
  expect(portal.deals.get(7001)).toMatchObject({ closed: "Y", stageSemanticId: "F" });
});

test("whether a deal is a repeated one is the client's to say, in either family", async () => {
  const portal = createPortal();
  await callPortal(portal, "crm.deal.add", { fields: { IS_RETURN_CUSTOMER: "Y", IS_REPEATED_APPROACH: "N" } });
  expect(portal.deals.get(7001)).toMatchObject({ isReturnCustomer: "Y", isRepeatedApproach: "N" });
  await update(portal, { isReturnCustomer: "N", isRepeatedApproach: "Y" });
  const { body } = await callPortal(portal, "crm.deal.get", { id: 7001 });
  expect(body.result).toMatchObject({ IS_RETURN_CUSTOMER: "N", IS_REPEATED_APPROACH: "Y" });
  const described = await callPortal(portal, "crm.deal.fields");
  expect(described.body.result).toMatchObject({ IS_RETURN_CUSTOMER: { isReadOnly: false } });
});

test("entering a final stage closes the deal today", async () => {
  // Without a midnight in between.
  const portal = createPortal({ clockSpeed: 0 });
  await add(portal, { closedate: "2030-01-01" });
  await update(portal, { stageId: "WON" });
  const today = new Date(portal.now() + 180 * 60_000).toISOString().slice(0, 10);
  expect(portal.deals.get(7001)?.closedate).toBe(today);
});

test("a stage of another funnel is ignored with success by the older family and refused by the newer", async () => {
  const portal = createPortal();
  await add(portal);
  expect((await legacyUpdate(portal, { STAGE_ID: "C1:WON" })).body.result).toBe(true);
  expect(portal.deals.get(7001)?.stageId).toBe("NEW");
  const refused = await update(portal, { stageId: "C1:WON" });
  expect(refused).toMatchObject({ status: 400, body: { error: "CRM_FIELD_ERROR_VALUE_NOT_VALID" } });
  const { body } = await callPortal(portal, "crm.deal.add", { fields: { STAGE_ID: "C1:WON" } });
  expect(portal.deals.get(Number(body.result))?.stageId).toBe("NEW");
});

test("only crm.item.update moves a deal to another funnel", async () => {
  const portal = createPortal();
  await add(portal);
  await legacyUpdate(portal, { CATEGORY_ID: 1, STAGE_ID: "C1:NEW" });
  expect(portal.deals.get(7001)).toMatchObject({ categoryId: 0, stageId: "NEW" });
  await update(portal, { categoryId: 1, stageId: "C1:EXECUTING" });
  expect(portal.deals.get(7001)).toMatchObject({ categoryId: 1, stageId: "C1:EXECUTING" });
  await update(portal, { categoryId: 0 });
  expect(portal.deals.get(7001)).toMatchObject({ categoryId: 0, stageId: "NEW" });
});

test("a currency that the portal does not know is refused", async () => {
  const portal = createPortal();
  const newer = await add(portal, { currencyId: "GBP" });
  expect(newer).toMatchObject({ status: 400, body: { error: "CRM_FIELD_ERROR_VALUE_NOT_VALID" } });
  const older = await callPortal(portal, "crm.deal.add", { fields: { CURRENCY_ID: "GBP" } });
  expect(older).toMatchObject({
    status: 400,
    body: { error: "", error_description: expect.stringContaining("Currency") },
  });
  expect(portal.deals.size).toBe(0);
});

test("contact ids replace the links, a single contact id only adds one", async () => {
  const portal = createPortal();
  for (const name of ["Ann", "Bea", "Cid"]) portal.staff.addContact({ name });
  await add(portal, { contactIds: [3001, 3002] });
  await legacyUpdate(portal, { CONTACT_ID: 3003 });
  expect(portal.deals.get(7001)).toMatchObject({ contactId: 3001, contactIds: [3001, 3002, 3003] });
  await legacyUpdate(portal, { CONTACT_IDS: [3002] });
  expect(portal.deals.get(7001)).toMatchObject({ contactId: 3002, contactIds: [3002] });
});

test("contacts that do not exist are left out", async () => {
  const portal = createPortal();
  await add(portal, { contactIds: [999] });
  expect(portal.deals.get(7001)?.contactIds).toEqual([]);
});

test("the older list sees the primary contact alone, the newer one all of them", async () => {
  const portal = createPortal();
  for (const name of ["Ann", "Bea"]) portal.staff.addContact({ name });
  await add(portal, { contactIds: [3001, 3002] });
  const older = async (CONTACT_ID: number) =>
    (await callPortal(portal, "crm.deal.list", { filter: { CONTACT_ID } })).body.total;
  expect([await older(3001), await older(3002)]).toEqual([1, 0]);
  const { body } = await callPortal(portal, "crm.item.list", { entityTypeId: 2, filter: { contactIds: 3002 } });
  expect(body.total).toBe(1);
});

test("a deleted contact leaves its deals", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" });
  await add(portal, { contactIds: [3001] });
  await callPortal(portal, "crm.contact.delete", { id: 3001 });
  expect(portal.deals.get(7001)).toMatchObject({ contactId: null, contactIds: [] });
});

test("origin, UTM marks and defined user fields are kept, undefined ones ignored", async () => {
  const fields = { userFields: { deal: [{ name: "UF_CRM_3_DIGIT", type: "string" as const }], contact: [] } };
  const portal = createPortal(fields);
  const utm = { utmSource: "a", utmMedium: "b", utmCampaign: "c", utmContent: "d", utmTerm: "e" };
  const marks = { ...utm, originatorId: "svc", originId: "u-1", ufCrm3Digit: "x" };
  const { body } = await add(portal, { ...marks, ufCrmNothing: "y", nothing: 1 });
  expect(body.result).toMatchObject({ item: marks });
  expect(portal.deals.get(7001)).not.toHaveProperty("ufCrmNothing");
  const older = await callPortal(portal, "crm.deal.get", { id: 7001 });
  expect(older.body.result).toMatchObject({ UTM_TERM: "e", ORIGIN_ID: "u-1", UF_CRM_3_DIGIT: "x" });
});

test("text that is too long for its column is cut without an error", async () => {
  const portal = createPortal();
  await add(portal, { title: "😀".repeat(300), comments: "c".repeat(300) });
  expect([...(portal.deals.get(7001)?.title ?? "")]).toHaveLength(255);
  expect(portal.deals.get(7001)?.comments).toHaveLength(300);
});

test("mandatory fields are checked on creation, and later only when the stage changes", async () => {
  const portal = createPortal();
  await add(portal);
  portal.configure({ required: { deal: ["additionalInfo"], contact: [] } });
  expect((await add(portal)).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect((await update(portal, { title: "Other" })).status).toBe(200);
  expect((await update(portal, { stageId: "WON" })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
});

test("an update without effect is not saved by crm.item.update, and saved by crm.deal.update", async () => {
  const portal = createPortal();
  const id = idOf(await add(portal, { title: "T" }));
  const before = portal.deals.get(id)?.updatedTime;
  portal.advance(5000);
  await update(portal, { title: "T" });
  expect(portal.deals.get(id)?.updatedTime).toBe(before);
  await legacyUpdate(portal, { TITLE: "T" });
  expect(portal.deals.get(id)?.updatedTime).toBeGreaterThan(before ?? 0);
  expect(portal.idleWrites).toBe(2);
});

test("payments do not move the deal", async () => {
  const portal = createPortal();
  await add(portal);
  portal.staff.setRows(7001, [{ productId: 1777, price: 49 }]);
  const [row] = portal.rows.get(7001) ?? [];
  const owner = { entityId: 7001, entityTypeId: 2 };
  const { body } = await callPortal(portal, "crm.item.payment.add", owner);
  const products = { paymentId: body.result, rowId: row?.id, quantity: 1 };
  await callPortal(portal, "crm.item.payment.product.add", products);
  expect((await callPortal(portal, "crm.item.payment.pay", { id: body.result })).body.result).toBe(true);
  const list = await callPortal(portal, "crm.item.payment.list", owner);
  expect(list.body.result).toMatchObject([{ id: body.result, paid: "Y", sum: 49 }]);
  expect(portal.deals.get(7001)).toMatchObject({ stageId: "NEW", orderStage: "PAID" });
});

test("what is left of a deal's payments says whether it is paid", async () => {
  const portal = createPortal();
  await add(portal);
  for (const id of [601, 602]) {
    await callPortal(portal, "crm.item.payment.add", { entityId: 7001, entityTypeId: 2 });
    await callPortal(portal, "crm.item.payment.pay", { id });
  }
  const stageAfter = async (verb: string, id: number) => {
    await callPortal(portal, `crm.item.payment.${verb}`, { id });
    return portal.deals.get(7001)?.orderStage;
  };
  expect(await stageAfter("unpay", 602)).toBe("PAID");
  expect(await stageAfter("delete", 601)).toBe("NOT_PAID");
  expect(await stageAfter("delete", 602)).toBe("");
});
