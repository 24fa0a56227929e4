import { expect, test } from "vitest";
import { type Answer, callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

function portalWithDeals(count: number): Portal {
  const portal = createPortal();
  for (let index = 1; index <= count; index++) portal.staff.addDeal({ title: `Deal ${index}`, opportunity: index });
  return portal;
}

const itemIds = ({ body }: Answer) => (body.result as { items: { id: number }[] }).items.map(({ id }) => id - 7000);
const legacyIds = ({ body }: Answer) => (body.result as { ID: string }[]).map(({ ID }) => Number(ID) - 7000);

const listItems = (portal: Portal, params: object) =>
  callPortal(portal, "crm.item.list", { entityTypeId: 2, select: ["id"], ...params });

test("a page has fifty rows; next is told only while more remain", async () => {
  const portal = portalWithDeals(101);
  const first = await callPortal(portal, "crm.deal.list");
  expect(first.body).toMatchObject({ total: 101, next: 50 });
  expect(legacyIds(first)).toHaveLength(50);
  const last = await callPortal(portal, "crm.deal.list", { start: 100 });
  expect(legacyIds(last)).toEqual([101]);
  expect(last.body).not.toHaveProperty("next");
});

test("a start between pages is rounded down", async () => {
  const portal = portalWithDeals(60);
  expect(legacyIds(await callPortal(portal, "crm.deal.list", { start: 55 }))[0]).toBe(51);
});

test("start -1 does not count: no next, and a total of nothing or 0", async () => {
  const portal = portalWithDeals(60);
  const { body } = await listItems(portal, { start: -1 });
  expect(body).not.toHaveProperty("next");
  expect(body).not.toHaveProperty("total");
  portal.configure({ switches: { totalWithoutCount: "zero" } });
  expect((await listItems(portal, { start: -1 })).body.total).toBe(0);
});

test("a walk by id meets every row once", async () => {
  const portal = portalWithDeals(120);
  const seen: number[] = [];
  let page: number[];
  do {
    const filter = { ">id": 7000 + (seen.at(-1) ?? 0) };
    page = itemIds(await listItems(portal, { filter, order: { id: "ASC" }, start: -1 }));
    seen.push(...page);
  } while (page.length === 50);
  expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
});

test("a row that a filter names twice is told once", async () => {
  const portal = portalWithDeals(3);
  const { body } = await listItems(portal, { filter: { "@id": [7002, "7002", 7001] } });
  expect(body).toMatchObject({ result: { items: [{ id: 7001 }, { id: 7002 }] }, total: 2 });
});

test("the order is honoured, also of several fields and backwards by id", async () => {
  const portal = createPortal();
  for (const opportunity of [2, 1, 2]) portal.staff.addDeal({ title: "T", opportunity });
  const order = (by: object) => listItems(portal, { order: by });
  expect(itemIds(await order({ opportunity: "DESC", id: "DESC" }))).toEqual([3, 1, 2]);
  expect(itemIds(await order({ opportunity: "ASC" }))).toEqual([2, 1, 3]);
  expect(itemIds(await order({ id: "DESC" }))).toEqual([3, 2, 1]);
});

test.each([
  [{ ">opportunity": 3 }, [4, 5]],
  [{ ">=opportunity": "3" }, [3, 4, 5]],
  [{ "<opportunity": 3 }, [1, 2]],
  [{ "<=opportunity": 2, ">id": 7001 }, [2]],
  [{ opportunity: 3 }, [3]],
  [{ "=opportunity": [1, 5] }, [1, 5]],
  [{ "@id": [7002, 7004, 9999] }, [2, 4]],
  [{ "!@id": [7002, 7004] }, [1, 3, 5]],
  [{ "!=opportunity": 3 }, [1, 2, 4, 5]],
  [{ "!opportunity": [1, 2] }, [3, 4, 5]],
  [{ "%title": "EAL 4" }, [4]],
  [{ "=%title": "% 4" }, [4]],
  [{ "%=title": "Deal _" }, [1, 2, 3, 4, 5]],
  [{ "!%title": "4" }, [1, 2, 3, 5]],
  [{ "0": { logic: "OR", "0": { id: 7001 }, "1": { id: 7005 } } }, [1, 5]],
  [{ logic: "OR", id: 7001, ">opportunity": 4 }, [1, 5]],
  [{ logic: "or", "0": { id: 7001 }, "1": { logic: "AND", ">opportunity": 2, "<opportunity": 4 } }, [1, 3]],
  [{ logic: "OR" }, [1, 2, 3, 4, 5]],
  [{ logic: "AND", id: 7001, ">opportunity": 4 }, []],
  [[{ logic: "OR", "0": { id: 7001 }, "1": { ">opportunity": 3 } }], [1, 4, 5]],
])("crm.item.list filters by %j", async (filter, expected) => {
  expect(itemIds(await listItems(portalWithDeals(5), { filter }))).toEqual(expected);
});

test("an unknown field in a filter or an order is refused by the newer family", async () => {
  const portal = portalWithDeals(1);
  const filtered = await listItems(portal, { filter: { "=nothing": 1 } });
  expect(filtered).toMatchObject({ status: 400, body: { error: "INVALID_ARG_VALUE" } });
  expect(filtered.body.error_description).toContain("nothing");
  expect((await listItems(portal, { order: { nothing: "ASC" } })).body.error).toBe("INVALID_ARG_VALUE");
});

test.each([{ ">createdTime": "yesterday" }, { closedate: "2026/12/31" }, { "0": { logic: "OR", "<begindate": "x" } }])(
  "a date that cannot be read, as in %j, is refused by the newer family",
  async (filter) => {
    const answer = await listItems(portalWithDeals(1), { filter });
    expect(answer).toMatchObject({ status: 400, body: { error: "INVALID_ARG_VALUE" } });
    expect(answer.body.error_description).toContain("has invalid value");
  },
);

test.each(["=", ">", "<"])("a date that cannot be read is met by nothing in the older family: %s", async (prefix) => {
  const portal = portalWithDeals(1);
  portal.staff.addDeal({ title: "T", closedate: "" });
  const list = async (name: string) =>
    (await callPortal(portal, "crm.deal.list", { filter: { [`${prefix}${name}`]: "yesterday" } })).body.total;
  expect([await list("CLOSEDATE"), await list("DATE_CREATE")]).toEqual([0, 0]);
});

test.each(["2027-03-05", "05.03.2027", "5.3.2027 12:00", "2027-03-05T09:00:00.000Z", "2027-03-05T03:00:00+03:00"])(
  "a day is found by %s",
  async (closedate) => {
    const portal = createPortal({ utcOffsetMinutes: 180 });
    portal.staff.addDeal({ title: "T", closedate: "2027-03-05" });
    expect(itemIds(await listItems(portal, { filter: { closedate } }))).toEqual([1]);
    expect(itemIds(await listItems(portal, { filter: { ">=closedate": closedate } }))).toEqual([1]);
    expect(itemIds(await listItems(portal, { filter: { "<closedate": closedate } }))).toEqual([]);
  },
);

test("a user field for yes or no is asked for as 1 or 0, and not as it is told", async () => {
  const portal = createPortal({ userFields: { deal: [{ name: "UF_CRM_PAID", type: "boolean" }] } });
  for (const ufCrmPaid of ["Y", "N"]) portal.staff.addDeal({ title: "T", ufCrmPaid });
  const found = async (ufCrmPaid: unknown) => itemIds(await listItems(portal, { filter: { ufCrmPaid } }));
  expect([await found(1), await found("1"), await found(0), await found("0")]).toEqual([[1], [1], [2], [2]]);
  expect([await found("Y"), await found("N")]).toEqual([[], []]);
  expect(itemIds(await listItems(portal, { filter: { closed: "N" } }))).toEqual([1, 2]);
});

test("a direction in small letters is refused by the newer family, as its page allows only capitals", async () => {
  const answer = await listItems(portalWithDeals(1), { order: { id: "desc" } });
  expect(answer).toMatchObject({ status: 400, body: { error: "INVALID_ARG_VALUE" } });
  expect(answer.body.error_description).toContain("'desc' for field 'id'");
});

test("an unknown field in a filter is dropped by the older family, which then returns everything", async () => {
  const portal = portalWithDeals(3);
  const answer = await callPortal(portal, "crm.deal.list", { filter: { "=NOTHING": 1 }, order: { NOTHING: "ASC" } });
  expect(legacyIds(answer)).toEqual([1, 2, 3]);
});

test("a filter by phone compares letter for letter", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["+7 999 000-00-00"] });
  const count = async (PHONE: unknown) =>
    (await callPortal(portal, "crm.contact.list", { filter: { PHONE } })).body.total;
  expect(await count("+79990000000")).toBe(0);
  expect(await count("+7 999 000-00-00")).toBe(1);
  expect(await count(["1", "+7 999 000-00-00"])).toBe(1);
});

test("a filter for contacts without a phone leaves out those that have one", async () => {
  const portal = createPortal();
  for (const phone of ["+79990000000", "+78880000000"]) portal.staff.addContact({ name: "Ann" }, { phones: [phone] });
  const { body } = await callPortal(portal, "crm.contact.list", { filter: { "!PHONE": "+79990000000" } });
  expect(body).toMatchObject({ result: [{ ID: "3002" }], total: 1 });
});

test("objects are found by their origin, many at once, and origins need not be unique", async () => {
  const portal = createPortal();
  for (const originId of ["u-1", "u-2", "u-1", "u-3"])
    portal.staff.addDeal({ title: "T", originatorId: "svc", originId });
  const by = (originId: unknown) => listItems(portal, { filter: { "=originatorId": "svc", originId } });
  expect(itemIds(await by(["u-1", "u-3"]))).toEqual([1, 3, 4]);
  const legacy = await callPortal(portal, "crm.deal.list", { filter: { ORIGIN_ID: "u-1", ORIGINATOR_ID: "svc" } });
  expect(legacyIds(legacy)).toEqual([1, 3]);
  expect(itemIds(await listItems(portal, { filter: { originId: "u-1", originatorId: "other" } }))).toEqual([]);
});

test("an origin that was changed is found by its new value only", async () => {
  const portal = createPortal();
  const deal = portal.staff.addDeal({ title: "T", originId: "before" });
  portal.staff.updateDeal(deal.id, { originId: "after" });
  expect(itemIds(await listItems(portal, { filter: { originId: "before" } }))).toEqual([]);
  expect(itemIds(await listItems(portal, { filter: { originId: "after" } }))).toEqual([1]);
});

test("times in filters are the portal's, and one that was read finds its own row", async () => {
  const portal = createPortal({ utcOffsetMinutes: 180 });
  const deal = portal.staff.addDeal({ title: "T" });
  const local = new Date(deal.updatedTime + 180 * 60_000).toISOString().slice(0, 19).replace("T", " ");
  const since = (prefix: string, value: string) => listItems(portal, { filter: { [`${prefix}updatedTime`]: value } });
  expect(itemIds(await since(">=", local))).toEqual([1]);
  expect(itemIds(await since(">", local))).toEqual([]);
  const atom = new Date(deal.updatedTime).toISOString();
  for (const same of [atom, atom.replace(".000Z", "+00:00"), atom.replace(".000Z", ".999Z")]) {
    expect(itemIds(await since(">=", same))).toEqual([1]);
    expect(itemIds(await since(">", same))).toEqual([]);
  }
  const [year, month, day, time] = local.split(/[- ]/);
  expect(itemIds(await since("=", `${day}.${month}.${year} ${time}`))).toEqual([1]);
  portal.configure({ switches: { atomDateFilters: false } });
  expect(itemIds(await since(">=", atom))).toEqual([]);
});

test("rows that were deleted are gone from lists and counts", async () => {
  const portal = portalWithDeals(3);
  portal.staff.deleteDeal(7002);
  const answer = await callPortal(portal, "crm.deal.list");
  expect(legacyIds(answer)).toEqual([1, 3]);
  expect(answer.body.total).toBe(2);
});

test("a selection brings the named fields, and of the older family the id besides", async () => {
  const portal = portalWithDeals(1);
  const { body } = await callPortal(portal, "crm.deal.list", { select: ["TITLE", "NOTHING"] });
  expect(body.result).toEqual([{ ID: "7001", TITLE: "Deal 1" }]);
  const { body: items } = await listItems(portal, { select: ["id", "title", "nothing"] });
  expect(items.result).toEqual({ items: [{ id: 7001, title: "Deal 1" }] });
});
