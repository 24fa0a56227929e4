import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal } from "./portal";

const time = expect.objectContaining({ duration: expect.any(Number), date_start: expect.any(String) });

test("a contact is added, and found by another spelling of its phone", async () => {
  const portal = createPortal();
  const fields = {
    NAME: "Ann",
    PHONE: [{ VALUE: "+79990000000", VALUE_TYPE: "WORK" }],
    ORIGINATOR_ID: "svc",
    ORIGIN_ID: "u-17",
    UTM_SOURCE: "tg",
  };
  const added = await callPortal(portal, "crm.contact.add", { fields });
  expect(added).toMatchObject({ status: 200, body: { result: 3001, time } });
  const search = { type: "PHONE", values: ["89990000000"], entity_type: "CONTACT" };
  const found = await callPortal(portal, "crm.duplicate.findbycomm", search);
  expect(found.body).toEqual({ result: { CONTACT: [3001] }, time });
  const none = await callPortal(portal, "crm.duplicate.findbycomm", { ...search, values: ["+70000000000"] });
  expect(none.body).toEqual({ result: [], time });
});

test("a deal is added, and found by its marker", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" });
  const fields = {
    title: "Order 17",
    categoryId: 0,
    stageId: "NEW",
    currencyId: "RUB",
    opportunity: 1500,
    isManualOpportunity: "Y",
    contactIds: [3001],
    originatorId: "svc",
    originId: "o-17",
  };
  const added = await callPortal(portal, "crm.item.add", { entityTypeId: 2, fields });
  expect(added.body).toEqual({ result: { item: expect.objectContaining({ id: 7001, ...fields }) }, time });
  const found = await callPortal(portal, "crm.item.list", {
    entityTypeId: 2,
    filter: { "=originatorId": "svc", "=originId": "o-17" },
    select: ["id", "stageId", "opportunity"],
    order: { id: "ASC" },
  });
  expect(found.body).toEqual({ result: { items: [{ id: 7001, stageId: "NEW", opportunity: 1500 }] }, total: 1, time });
});

test("a missing deal is told in the manner of each family", async () => {
  const portal = createPortal();
  const older = await callPortal(portal, "crm.deal.get", { id: 999 });
  expect(older).toMatchObject({ status: 400 });
  expect(older.body).toEqual({ error: "", error_description: "Not found" });
  const newer = await callPortal(portal, "crm.item.get", { entityTypeId: 2, id: 999 });
  expect(newer).toMatchObject({ status: 400 });
  expect(newer.body).toEqual({ error: "NOT_FOUND", error_description: expect.any(String) });
});

test("contact and deal are made in one batch by reference", async () => {
  const portal = createPortal();
  const cmd = {
    c: "crm.contact.add?fields[NAME]=Ann",
    d: "crm.deal.add?fields[TITLE]=T&fields[CONTACT_IDS][0]=$result[c]",
  };
  const { status, body } = await callPortal(portal, "batch", { halt: 1, cmd });
  expect(status).toBe(200);
  expect(body).toEqual({
    result: {
      result: { c: 3001, d: 7001 },
      result_error: [],
      result_total: [],
      result_next: [],
      result_time: { c: time, d: time },
    },
    time,
  });
  expect(portal.deals.get(7001)?.contactIds).toEqual([3001]);
});

test("too many requests are told without a result", async () => {
  const portal = createPortal({ limits: { bucket: 1, perSecond: 0 } });
  await callPortal(portal, "profile");
  const refused = await callPortal(portal, "profile");
  expect(refused.status).toBe(503);
  expect(refused.body).toEqual({ error: "QUERY_LIMIT_EXCEEDED", error_description: "Too many requests" });
});
