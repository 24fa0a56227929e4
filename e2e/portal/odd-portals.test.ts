import { expect, test } from "vitest";
import { callPortal, sendTo } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const addItem = (portal: Portal, entityTypeId: number, fields: object) =>
  callPortal(portal, "crm.item.add", { entityTypeId, fields });
const ann = (value = "+79990000000") => ({ name: "Ann", fm: [{ typeId: "PHONE", valueType: "WORK", value }] });
const search = async (portal: Portal, value = "+79990000000") =>
  (await callPortal(portal, "crm.duplicate.findbycomm", { type: "PHONE", values: [value] })).body.result;

test("the duplicate search can lag behind what is saved, by the portal's clock", async () => {
  const portal = createPortal({ duplicateLagMs: 60_000 });
  await addItem(portal, 3, ann());
  expect(await search(portal)).toEqual([]);
  portal.advance(60_000);
  expect(await search(portal)).toEqual({ CONTACT: [3001] });

  const more = { n0: { typeId: "PHONE", valueType: "WORK", value: "+79990000001" } };
  await callPortal(portal, "crm.item.update", { entityTypeId: 3, id: 3001, fields: { fm: more } });
  expect(await search(portal, "+79990000001")).toEqual([]);
  expect(await search(portal)).toEqual({ CONTACT: [3001] });
  expect((await callPortal(portal, "crm.contact.list", { filter: { PHONE: "+79990000001" } })).body.total).toBe(1);
});

test("robots change what has just been made, at once or a little later", async () => {
  const portal = createPortal({
    robots: [
      { on: "deal", set: { stageId: "PREPARATION", currencyId: "EUR" } },
      { on: "deal", set: { assignedById: 3 }, afterMs: 5, by: 2 },
      { on: "contact", set: { assignedById: 2 } },
    ],
  });
  await addItem(portal, 2, { title: "T", stageId: "NEW", currencyId: "USD", assignedById: 1 });
  expect(portal.deals.get(7001)).toMatchObject({ stageId: "PREPARATION", currencyId: "EUR", assignedById: 1 });
  await addItem(portal, 3, ann());
  expect(portal.contacts.get(3001)).toMatchObject({ assignedById: 2 });
  await portal.settled();
  expect(portal.deals.get(7001)).toMatchObject({ assignedById: 3, updatedBy: 2 });
});

test("a robot puts its products on a new deal before the caller gets the answer", async () => {
  const portal = createPortal({ robots: [{ on: "deal", set: {}, rows: [{ productId: 1777, price: 15 }] }] });
  await addItem(portal, 2, { title: "T", opportunity: 49, isManualOpportunity: "Y" });
  expect(portal.rows.get(7001)).toMatchObject([{ ownerId: 7001, productId: 1777, price: 15, quantity: 1 }]);
  expect(portal.deals.get(7001)).toMatchObject({ opportunity: 49 });
});

test("robots fill again what is emptied, and start no robots themselves", async () => {
  const portal = createPortal({
    robots: [
      { on: "contact", when: "changed", set: { post: "Client" } },
      { on: "deal", when: "changed", set: { comments: "Look at it" } },
    ],
  });
  await addItem(portal, 3, ann());
  await addItem(portal, 2, { title: "T" });
  expect([portal.contacts.get(3001)?.post, portal.deals.get(7001)?.comments]).toEqual(["", ""]);
  for (const [entityTypeId, id] of [
    [3, 3001],
    [2, 7001],
  ])
    await callPortal(portal, "crm.item.update", { entityTypeId, id, fields: { sourceDescription: "x" } });
  await callPortal(portal, "crm.contact.update", { id: 3001, fields: { POST: "" } });
  expect([portal.contacts.get(3001)?.post, portal.deals.get(7001)?.comments]).toEqual(["Client", "Look at it"]);
});

test("robots leave bulk import alone", async () => {
  const portal = createPortal({ robots: [{ on: "deal", set: { stageId: "WON" }, afterMs: 5 }] });
  await callPortal(portal, "crm.item.batchImport", { entityTypeId: 2, data: [{ title: "T" }] });
  await portal.settled();
  expect(portal.deals.get(7001)?.stageId).toBe("NEW");
});

test("a reset forgets what robots had in mind", async () => {
  const portal = createPortal({ robots: [{ on: "deal", set: { stageId: "WON" }, afterMs: 86_400_000 }] });
  await addItem(portal, 2, { title: "T" });
  const settled = portal.settled();
  portal.reset();
  await settled;
  expect(portal.deals.size).toBe(0);
});

const order = async (portal: Portal) => {
  await addItem(portal, 3, { ...ann(), originId: "user-1" });
  await addItem(portal, 2, { title: "T", currencyId: "USD", contactIds: [3001], originId: "user-1" });
  const productRows = [{ productId: 1777, price: 49, quantity: 1 }];
  await callPortal(portal, "crm.item.productrow.set", { ownerType: "D", ownerId: 7001, productRows });
  await portal.settled();
};

test.each([
  ["takeOver", { assignedById: 2 }],
  ["sellInBaseCurrency", { currencyId: "RUB", opportunity: 4410 }],
  ["replaceProduct", { opportunity: 10 }],
  ["addContact", { contactId: 3002, contactIds: [3002, 3001] }],
  ["moveOn", { stageId: "PREPARATION" }],
  ["mergeContact", { contactId: 3002, contactIds: [3002] }],
  ["mergeDeal", undefined],
  ["deleteDeal", undefined],
] as const)("busy managers: %s", async (act, deal) => {
  const products = [
    { id: 1777, name: "Course", price: 49, currency: "USD", active: true },
    { id: 1800, name: "Book", price: 900, currency: "RUB", active: true },
  ];
  const portal = createPortal({ products, habits: [{ act }] });
  await order(portal);
  if (deal) expect(portal.deals.get(7001)).toMatchObject(deal);
  else expect([...portal.deals.keys()]).toEqual(act === "mergeDeal" ? [7002] : []);
});

test("managers may act before a deal has its rows, and on some deals only", async () => {
  const early = createPortal({ habits: [{ act: "moveOn", when: "created" }] });
  await addItem(early, 2, { title: "T" });
  await early.settled();
  expect(early.deals.get(7001)?.stageId).toBe("PREPARATION");
  const never = createPortal({ habits: [{ act: "deleteDeal", share: 0 }] });
  await order(never);
  expect(never.deals.size).toBe(1);
});

const smile = "Ann 😀 Lee";

test.each([
  ["stored", smile],
  ["cut", "Ann "],
  ["questionMarks", "Ann ???? Lee"],
] as const)("characters of four bytes: %s", async (fourByteText, kept) => {
  const portal = createPortal({ switches: { fourByteText } });
  await addItem(portal, 2, { title: smile, utmCampaign: smile });
  expect(portal.deals.get(7001)).toMatchObject({ title: kept, utmCampaign: kept });
});

test("a database of three bytes refuses every text with a character of four, wherever it stands", async () => {
  const portal = createPortal({ switches: { fourByteText: "refused" } });
  portal.staff.addDeal({ title: "T" });
  const refused = { status: 500, body: { error: "ERROR_CORE", error_description: "SQL query error!" } };
  expect(await addItem(portal, 2, { utmCampaign: smile })).toMatchObject(refused);
  expect(await addItem(portal, 3, { name: "𝒜nn" })).toMatchObject(refused);
  expect(await addItem(portal, 3, ann("+7999😀"))).toMatchObject(refused);
  expect(await callPortal(portal, "crm.contact.add", { fields: { NAME: smile } })).toMatchObject(refused);
  const productRows = [{ productId: 0, productName: smile, price: 1 }];
  const rows = { ownerType: "D", ownerId: 7001, productRows };
  expect(await callPortal(portal, "crm.item.productrow.set", rows)).toMatchObject(refused);
  const comment = { fields: { ENTITY_TYPE: "deal", ENTITY_ID: 7001, COMMENT: smile } };
  expect(await callPortal(portal, "crm.timeline.comment.add", comment)).toMatchObject(refused);
  expect([portal.contacts.size, portal.deals.size, portal.comments.size]).toEqual([0, 1, 0]);
  expect((await addItem(portal, 2, { title: "Только три байта – ёж € ✓" })).status).toBe(200);
});

test("methods can be missing from the portal, by name or by family", async () => {
  const portal = createPortal({ missingMethods: ["crm.item.*", "user.get"] });
  const missing = { status: 404, body: { error: "ERROR_METHOD_NOT_FOUND" } };
  expect(await addItem(portal, 2, {})).toMatchObject(missing);
  expect(await callPortal(portal, "crm.item.productrow.list")).toMatchObject(missing);
  expect(await callPortal(portal, "user.get")).toMatchObject(missing);
  const { body } = await callPortal(portal, "batch", { cmd: { a: "crm.item.list" } });
  expect(body.result).toMatchObject({ result_error: { a: { error: "ERROR_METHOD_NOT_FOUND" } } });
  const known = await callPortal(portal, "method.get", { name: "crm.item.list" });
  expect(known.body.result).toEqual({ isExisting: false, isAvailable: false });
  expect((await callPortal(portal, "crm.deal.add", { fields: { TITLE: "T" } })).status).toBe(200);
});

test("an old box has the newer family for smart processes only", async () => {
  const portal = createPortal({ switches: { universalDeals: "unknown" } });
  const refused = { status: 400, body: { error: "NOT_FOUND" } };
  for (const entityTypeId of [2, 3]) expect(await addItem(portal, entityTypeId, {})).toMatchObject(refused);
  const rows = { filter: { "=ownerType": "D", "=ownerId": 1 } };
  expect((await callPortal(portal, "crm.item.productrow.list", rows)).body.error).toBe("ENTITY_TYPE_NOT_SUPPORTED");
  const set = { ownerType: "D", ownerId: 1, productRows: [] };
  expect((await callPortal(portal, "crm.item.productrow.set", set)).body.error).toBe("ENTITY_TYPE_NOT_SUPPORTED");
});

test.each([
  ["firewall", 403],
  ["wrongPath", 404],
  ["asleep", 503],
  ["html", 200],
] as const)("instead of the portal answers a page: %s", async (kind, status) => {
  const portal = createPortal();
  portal.fail({ kind, times: 1 });
  const path = "/rest/1/standinportalkey/profile";
  const answer = await portal.handle(new Request(`https://portal.example${path}`));
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect((await sendTo(portal, path)).status).toBe(200);
});

test("the page of a sleeping portal may come with success, and what was asked may have been done", async () => {
  const portal = createPortal();
  portal.fail({ kind: "asleep", status: 200, executed: true, times: 1 });
  const body = JSON.stringify({ fields: { TITLE: "T" } });
  const headers = { "content-type": "application/json" };
  const path = "/rest/1/standinportalkey/crm.deal.add";
  const request = new Request(`https://portal.example${path}`, { method: "POST", headers, body });
  expect((await portal.handle(request)).status).toBe(200);
  expect(portal.deals.size).toBe(1);
});

test("a box of 2024 neither stores nor tells phones and e-mails by crm.item.*", async () => {
  const portal = createPortal({ switches: { universalCommunications: "unknown" } });
  portal.staff.addContact({ name: "Ann" }, { phones: ["+79990000001"] });
  const listed = await callPortal(portal, "crm.item.list", { entityTypeId: 3, select: ["*"] });
  expect(listed.body.result).toMatchObject({ items: [{ name: "Ann", hasPhone: "Y" }] });
  expect(JSON.stringify(listed.body)).not.toContain("+79990000001");
  const fm = [{ typeId: "PHONE", valueType: "WORK", value: "+79990000002" }];
  await callPortal(portal, "crm.item.add", { entityTypeId: 3, fields: { name: "Bob", fm } });
  expect([...portal.contacts.values()].map((contact) => contact.fm.length)).toEqual([1, 0]);
});

for (const [side, comments] of [
  ["cleared", null],
  ["listsKept", null],
  ["kept", "Called twice"],
] as const)
  test(`what crm.item.update is to empty: ${side}; the older methods empty it`, async () => {
    const own = { name: "UF_CRM_TAGS", type: "string", title: "Tags", multiple: true } as const;
    const portal = createPortal({ switches: { universalClearing: side }, userFields: { deal: [own] } });
    const { id: contactId } = portal.staff.addContact({ name: "Ann" });
    const set = { comments: "Called twice", ufCrmTags: ["Ann's"], contactIds: [contactId] };
    const { id } = portal.staff.addDeal({ title: "T", ...set });
    const fields = { comments: "", ufCrmTags: [], contactIds: [] };
    const { body } = await callPortal(portal, "crm.item.update", { entityTypeId: 2, id, fields });
    const shownAsEmpty = side === "cleared" ? [] : null;
    expect(body.result).toMatchObject({ item: { comments: null, ufCrmTags: shownAsEmpty, contactIds: shownAsEmpty } });
    const read = async () => (await callPortal(portal, "crm.item.get", { entityTypeId: 2, id })).body.result;
    const lists =
      side === "cleared" ? { ufCrmTags: [], contactIds: [] } : { ufCrmTags: ["Ann's"], contactIds: [contactId] };
    expect(await read()).toMatchObject({ item: { comments, ...lists } });
    await callPortal(portal, "crm.deal.update", { id, fields: { COMMENTS: "", UF_CRM_TAGS: [] } });
    await callPortal(portal, "crm.deal.contact.items.delete", { id });
    expect(await read()).toMatchObject({ item: { comments: null, ufCrmTags: [], contactIds: [] } });
  });
