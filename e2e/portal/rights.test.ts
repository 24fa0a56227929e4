import { expect, test } from "vitest";
import type { PortalUser } from "./administration";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import type { Rights } from "./rights";
import type { PortalOptions } from "./settings";

/** A portal whose webhook belongs to an employee. 2 is a colleague of the same department, 3 works elsewhere. */
function portalOf(rights: Rights, options: PortalOptions = {}): Portal {
  const user = (id: number, department: number): PortalUser => ({
    id,
    name: `N${id}`,
    lastName: "L",
    email: `${id}@portal.example`,
    active: true,
    admin: false,
    department,
  });
  const portal = createPortal({ ...options, users: [{ ...user(1, 5), rights }, user(2, 5), user(3, 6)] });
  for (const assignedById of [1, 2, 3]) {
    portal.staff.addContact({ name: `C${assignedById}`, assignedById, opened: "N" }, { phones: ["+79990000000"] });
    portal.staff.addDeal({ title: `D${assignedById}`, assignedById, opened: "N" });
  }
  portal.staff.addDeal({ title: "open to all", assignedById: 3, opened: "Y" });
  return portal;
}

const item = (portal: Portal, verb: string, params: object, entityTypeId = 2) =>
  callPortal(portal, `crm.item.${verb}`, { entityTypeId, ...params });

test.each([
  ["none", []],
  ["own", [7001]],
  ["department", [7001, 7002]],
  ["open", [7001, 7002, 7004]],
  ["all", [7001, 7002, 7003, 7004]],
] as const)("who reads %s records gets these from a list, and no other one by its id", async (read, ids) => {
  const portal = portalOf({ deal: { read } }, { switches: { listWithoutRight: "empty" } });
  const { body } = await item(portal, "list", {});
  expect((body.result as { items: { id: number }[] }).items.map(({ id }) => id)).toEqual(ids);
  expect(body.total).toBe(ids.length);
  const older = await callPortal(portal, "crm.deal.list");
  if (read === "none") expect(older.body).toMatchObject({ error: "", error_description: "Access denied." });
  else expect(older.body.total).toBe(ids.length);
  for (const id of [7001, 7002, 7003, 7004]) {
    const seen = (ids as readonly number[]).includes(id);
    expect((await item(portal, "get", { id })).body.error).toBe(seen ? undefined : "ACCESS_DENIED");
    expect((await callPortal(portal, "crm.deal.get", { id })).body.error).toBe(seen ? undefined : "");
  }
});

test("nothing hides what is there from a search by mark, except that it may not be read", async () => {
  const portal = portalOf({ deal: { read: "own" } });
  portal.staff.updateDeal(7003, { originId: "user-1" });
  const search = { filter: { "=originId": ["user-1"] } };
  expect((await item(portal, "list", search)).body).toMatchObject({ result: { items: [] }, total: 0 });
  portal.configure({ users: portal.settings.users.map(({ rights: _rights, ...user }) => user) });
  expect((await item(portal, "list", search)).body).toMatchObject({ total: 1 });
});

test("a list for those who may read nothing is refused, or empty, as is set", async () => {
  const portal = portalOf({ contact: { read: "none" } });
  const code = async () => (await item(portal, "list", {}, 3)).body.error;
  expect(await code()).toBe("ACCESS_DENIED");
  expect((await item(portal, "fields", {}, 3)).body.error).toBe("ACCESS_DENIED");
  portal.configure({ switches: { listWithoutRight: "empty" } });
  expect(await code()).toBeUndefined();
});

test.each(["add", "update", "delete"] as const)("the right to %s goes by whose record it is", async (action) => {
  const portal = portalOf({ deal: { [action]: "own" } });
  const params = {
    add: (assignedById: number) => ({ fields: { title: "T", assignedById } }),
    update: (id: number) => ({ id: 7000 + id, fields: { title: "T" } }),
    delete: (id: number) => ({ id: 7000 + id }),
  }[action];
  expect((await item(portal, action, params(3))).body.error).toBe("ACCESS_DENIED");
  expect((await item(portal, action, params(1))).body.error).toBeUndefined();
  const none = portalOf({ deal: { [action]: "none" } });
  expect((await item(none, action, params(1))).body.error).toBe("ACCESS_DENIED");
});

test("the older methods refuse the same things without a code", async () => {
  const portal = portalOf({ deal: { add: "own", update: "own", delete: "own" }, contact: { add: "none" } });
  const code = async (method: string, params: object) => (await callPortal(portal, method, params)).body.error;
  expect(await code("crm.deal.add", { fields: { TITLE: "T", ASSIGNED_BY_ID: 3 } })).toBe("");
  expect(await code("crm.deal.update", { id: 7003, fields: { TITLE: "T" } })).toBe("");
  expect(await code("crm.deal.delete", { id: 7003 })).toBe("");
  expect(await code("crm.contact.add", { fields: { NAME: "Ann" } })).toBe("");
  expect(await code("crm.deal.update", { id: 7001, fields: { TITLE: "T" } })).toBeUndefined();
});

test("product rows, links, payments and comments want the right to their deal", async () => {
  const portal = portalOf({ deal: { update: "own", read: "department" } });
  const code = async (method: string, params: object) => (await callPortal(portal, method, params)).body.error;
  const rows = (ownerId: number) => ({ ownerType: "D", ownerId, productRows: [{ productId: 1777, price: 49 }] });
  expect(await code("crm.item.productrow.set", rows(7001))).toBeUndefined();
  expect(await code("crm.item.productrow.set", rows(7002))).toBe("ACCESS_DENIED");
  const listed = (ownerId: number) => ({ filter: { "=ownerType": "D", "=ownerId": ownerId } });
  expect(await code("crm.item.productrow.list", listed(7002))).toBeUndefined();
  expect(await code("crm.item.productrow.list", listed(7003))).toBe("ACCESS_DENIED");
  expect(await code("crm.deal.contact.add", { id: 7002, fields: { CONTACT_ID: 3001 } })).toBe("");
  expect(await code("crm.item.payment.add", { entityId: 7002, entityTypeId: 2 })).toBe(0);
  const comment = { fields: { ENTITY_TYPE: "deal", ENTITY_ID: 7002, COMMENT: "x" } };
  expect(await code("crm.timeline.comment.add", comment)).toBe("ACCESS_DENIED");
});

test("a contact that may not be read is not linked, or refused, as is set", async () => {
  const portal = portalOf({ contact: { read: "own" } });
  await item(portal, "add", { fields: { title: "T", contactIds: [3001, 3003] } });
  expect(portal.deals.get(7005)?.contactIds).toEqual([3001]);
  portal.configure({ unknown: { contact: "refused" } });
  const refused = await item(portal, "add", { fields: { title: "T", contactIds: [3003] } });
  expect(refused.body.error).toBe("CRM_FIELD_ERROR_VALUE_NOT_VALID");
});

test("the duplicate search tells of everybody's contacts, or of readable ones, or is closed", async () => {
  const portal = portalOf({ contact: { read: "own" } });
  const search = () =>
    callPortal(portal, "crm.duplicate.findbycomm", { type: "PHONE", values: ["+79990000000"], entity_type: "CONTACT" });
  expect((await search()).body.result).toEqual({ CONTACT: [3001, 3002, 3003] });
  portal.configure({ switches: { duplicatesFound: "readable" } });
  expect((await search()).body.result).toEqual({ CONTACT: [3001] });
  portal.configure({
    users: portal.settings.users.map((user) => ({ ...user, rights: { contact: { read: "none" } } })),
  });
  expect(await search()).toMatchObject({ status: 403, body: { error: "" } });
});

test.each([
  ["crm.currency.list", {}, 400, ""],
  ["crm.status.list", {}, 400, ""],
  ["crm.category.list", { entityTypeId: 2 }, 400, "ACCESS_DENIED"],
  ["crm.item.productrow.list", { filter: { "=ownerType": "D", "=ownerId": 7001 } }, 400, "ACCESS_DENIED"],
  ["crm.duplicate.findbycomm", { type: "PHONE", values: ["1"] }, 403, ""],
  ["catalog.product.get", { id: 1777 }, 400, 200040300010],
  ["user.get", {}, 403, "ACCESS_DENIED"],
])("%s can be closed to a user by its name, also within a batch", async (method, params, status, error) => {
  const portal = portalOf({ denied: [method] });
  expect(await callPortal(portal, method, params)).toMatchObject({ status, body: { error } });
  const { body } = await callPortal(portal, "batch", { cmd: { a: method } });
  expect(body.result).toMatchObject({ result_error: { a: { error } } });
  const whole = portalOf({ denied: [`${method.split(".")[0]}.*`] });
  expect((await callPortal(whole, method, params)).body.error).toBe(error);
});

test("a hidden funnel and its deals are not there for the user", async () => {
  const portal = portalOf({ hiddenFunnels: [1] });
  portal.staff.addDeal({ title: "P", categoryId: 1 });
  const { body } = await callPortal(portal, "crm.category.list", { entityTypeId: 2 });
  expect(body.result).toMatchObject({ categories: [{ id: 0 }] });
  expect((await item(portal, "list", { filter: { categoryId: 1 } })).body.total).toBe(0);
  expect((await item(portal, "get", { id: 7005 })).body.error).toBe("ACCESS_DENIED");
  const get = (id: number) => callPortal(portal, "crm.category.get", { entityTypeId: 2, id });
  expect((await get(0)).body.result).toMatchObject({ category: { id: 0 } });
  expect((await get(1)).body).toEqual({ error: "ACCESS_DENIED", error_description: "Access denied." });
  expect((await get(9)).body.error).toBe("NOT_FOUND");
});

test("a payment is for those who may see or change its deal, and refused to others with the number 0", async () => {
  const portal = portalOf({});
  for (const entityId of [7001, 7002, 7003])
    await callPortal(portal, "crm.item.payment.add", { entityTypeId: 2, entityId });
  const users = portal.settings.users.map((user) =>
    user.id === 1 ? { ...user, rights: { deal: { read: "department", update: "own" } as const } } : user,
  );
  portal.configure({ users });
  const refused = { status: 400, body: { error: 0, error_description: "Insufficient permissions" } };
  expect(await callPortal(portal, "crm.item.payment.get", { id: 602 })).toMatchObject({ status: 200 });
  expect(await callPortal(portal, "crm.item.payment.get", { id: 603 })).toMatchObject(refused);
  const list = { entityTypeId: 2, entityId: 7003 };
  expect(await callPortal(portal, "crm.item.payment.list", list)).toMatchObject(refused);
  for (const verb of ["pay", "unpay", "delete"])
    expect(await callPortal(portal, `crm.item.payment.${verb}`, { id: 602 })).toMatchObject(refused);
  const product = { paymentId: 602, rowId: 11, quantity: 1 };
  expect(await callPortal(portal, "crm.item.payment.product.add", product)).toMatchObject(refused);
  expect(await callPortal(portal, "crm.item.payment.pay", { id: 601 })).toMatchObject({ status: 200 });
  expect([portal.deals.get(7001)?.orderStage, portal.deals.get(7002)?.orderStage]).toEqual(["PAID", ""]);
});

test("an administrator may do everything whatever rights are written beside the name", async () => {
  const portal = createPortal();
  const [owner] = portal.settings.users;
  if (!owner) throw new Error("The portal has no users");
  portal.configure({ users: [{ ...owner, rights: { deal: { add: "none" }, denied: ["crm.*"] } }] });
  expect((await item(portal, "add", { fields: { title: "T" } })).status).toBe(200);
});
