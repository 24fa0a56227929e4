import { afterAll, expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { startPortal } from "./server";

const server = await startPortal();
afterAll(() => server.close());

async function control(method: string, path: string, body?: object | null) {
  const init = body !== undefined ? { method, body: JSON.stringify(body) } : { method };
  const response = await fetch(`${server.url}/control/${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("another process can look inside, act as staff, break and mend the portal", async () => {
  await control("POST", "reset");
  await control("POST", "act", { act: "addContact", fields: { name: "Ann" }, phones: ["+79990000000"] });
  await control("POST", "act", { act: "addDeal", fields: { title: "T", contactIds: [3001] } });
  await control("POST", "act", { act: "setRows", id: 7001, rows: [{ productId: 1777, price: 49 }] });
  await control("POST", "act", { act: "moveDeal", id: 7001, stageId: "WON" });
  const { body } = await control("GET", "state");
  expect(body).toMatchObject({
    contacts: [{ id: 3001, name: "Ann", fm: [{ value: "+79990000000" }] }],
    deals: [{ id: 7001, stageId: "WON", rows: [{ productId: 1777, price: 49 }] }],
    counts: { contacts: 1, deals: 1, requests: 0, refused: 0, idleWrites: 0 },
    faults: [],
  });

  await control("POST", "fault", { kind: "500", times: 1 });
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(500);
  await control("POST", "fault", { kind: "limit" });
  expect((await control("DELETE", "fault")).body).toEqual({ faults: [] });
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(200);
});

test("calls are told by method and names of parameters, never by their values", async () => {
  await control("POST", "reset");
  await fetch(`${server.webhookUrl}crm.contact.add?fields[NAME]=Geheim`);
  await fetch(`${server.webhookUrl}batch?cmd[a]=crm.deal.get%3Fid%3D999`);
  const { body } = await control("GET", "state?calls=10");
  expect(body.calls).toMatchObject([
    { request: 1, method: "crm.contact.add", keys: ["fields.NAME"], inBatch: false, executed: true, error: "" },
    { request: 2, method: "batch", keys: ["cmd"], inBatch: false, executed: true },
    { request: 2, method: "crm.deal.get", keys: ["id"], inBatch: true, executed: true },
  ]);
  expect(JSON.stringify(body.calls)).not.toContain("Geheim");
});

test("settings merge group by group, the clock can be moved, and a reset undoes it all", async () => {
  await control("POST", "settings", { limits: { bucket: 1 }, language: "ru" });
  const { body } = await control("GET", "state");
  expect(body.settings).toMatchObject({ language: "ru", limits: { bucket: 1, perSecond: 2 } });
  const before = server.portal.now();
  await control("POST", "clock", { advanceMs: 3_600_000 });
  expect(server.portal.now()).toBeGreaterThanOrEqual(before + 3_600_000);
  await control("POST", "reset");
  expect(server.portal.settings).toMatchObject({ language: "en", limits: { bucket: 50 } });
  expect(server.portal.now()).toBeLessThan(before + 3_600_000);
});

test("requests that make no sense are refused with a reason", async () => {
  expect(await control("POST", "fault", { kind: "meteor" })).toMatchObject({ status: 400 });
  expect(await control("POST", "act", { act: "moveDeal", id: 1, stageId: "WON" })).toMatchObject({ status: 400 });
  expect(await control("GET", "nothing")).toMatchObject({ status: 404 });
});

test.each([
  ["clock", {}],
  ["clock", { advanceMs: "600000" }],
  ["settings", []],
  ["settings", { limits: null }],
  ["settings", { language: 7 }],
  ["settings", { limit: { bucket: 0 } }],
  ["settings", { limits: { buckets: 0 } }],
  ["settings", { limits: { bucket: "0" } }],
  ["settings", { switches: { fourByteText: "refuse" } }],
  ["settings", { unknown: { contact: "stored" } }],
  ["settings", { robots: [{ on: "deal", set: { STAGE: "WON" } }] }],
  ["settings", { userFields: { deal: [{ nmae: "UF_CRM_INN", type: "string" }] } }],
])("what would break the portal or have no effect is refused: %s %j", async (path, body) => {
  await control("POST", "reset");
  const settings = structuredClone(server.portal.settings);
  expect(await control("POST", path, body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  expect(server.portal.settings).toEqual(settings);
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(200);
});

test.each([
  [{ kind: "hang", methods: ["crm.item.add"] }, "A fault has no methods, but: kind, method, once, times"],
  [{ kind: "hang", time: 1 }, "A fault has no time"],
  [{ kind: "constructor" }, "Unknown kind of fault"],
  [{ kind: "500", method: ["crm.item.add"] }, "method has to be text"],
  [{ kind: "500", method: "crm.item.ad" }, "The portal has no method crm.item.ad"],
  [{ kind: "hang", once: "deals" }, "once has to be one of: lead, deal, contact, company, or a method, but is deals"],
  [{ kind: "slow", afterMs: "300" }, "afterMs has to be a number"],
  [{ kind: "502", times: 0 }, "times has to be a number from 1"],
  [{ kind: "502", probability: 5 }, "probability has to be a number from 0 to 1"],
  [{ kind: "html", status: 99 }, "status has to be a number from 200 to 599"],
  [{ kind: "502", match: ["Ann"] }, "match has to be text"],
  [{ kind: "redirect", location: "elsewhere" }, "location has to be a URL"],
  [["hang"], "A fault has to be an object"],
  [null, "A fault has to be an object"],
])("a fault that would never strike, or break every request, is refused: %j", async (rule, words) => {
  await control("POST", "reset");
  const { status, body } = await control("POST", "fault", rule);
  expect([status, body.error]).toEqual([400, expect.stringContaining(words)]);
  expect(server.portal.faults).toEqual([]);
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(200);
});

test("a fault may name a method in any letters, or what has to happen first", async () => {
  await control("POST", "reset");
  const rules = [
    { kind: "command", method: "crm.item.ADD", code: 7, text: "No", match: "Ann", times: 2, probability: 0.5 },
    { kind: "late", method: "batch", afterMs: 50, executed: true },
    { kind: "redirect", once: "crm.deal.add", location: "http://localhost:1" },
    { kind: "html", once: "company", status: 429 },
  ];
  for (const rule of rules) expect(await control("POST", "fault", rule)).toMatchObject({ status: 200 });
  expect(server.portal.faults).toMatchObject(rules);
});

test.each([
  [{ act: "moveDeal", id: 7001, stage: "WON" }, "moveDeal has no stage, but: act, by, id, stageId"],
  [{ act: "moveDeal", id: 7001 }, "moveDeal needs stageId"],
  [{ act: "moveDeal", id: "7001", stageId: "WON" }, "id has to be a number"],
  [{ act: "constructor" }, "Unknown act"],
  [{ act: ["deleteDeal"], id: 7001 }, "act has to be text"],
  [["deleteDeal"], "An act has to be an object"],
  [null, "An act has to be an object"],
  [{ act: "addContact", phones: "+79990000000" }, "phones has to be a list of texts"],
  [{ act: "updateDeal", id: 7001, fields: { tittle: "T" } }, "A deal has no field tittle"],
  [{ act: "updateDeal", id: 7001, fields: { id: 5 } }, "A deal has no field id that can be set"],
  [{ act: "updateDeal", id: 7001, fields: { opportunity: "50" } }, "opportunity has to be a number"],
  [{ act: "updateDeal", id: 7001, fields: { contactIds: 3001 } }, "contactIds has to be a list of numbers"],
  [{ act: "updateDeal", id: 7001, fields: { currencyId: "GBP" } }, "The portal refuses the value of currencyId"],
])("an act that has no meaning, or would leave something odd, is refused: %j", async (request, words) => {
  await control("POST", "reset");
  await control("POST", "settings", { unknown: { currency: "refused" } });
  server.portal.staff.addDeal({ title: "T" });
  const before = server.portal.snapshot();
  const { status, body } = await control("POST", "act", request);
  expect([status, body.error]).toEqual([400, expect.stringContaining(words)]);
  expect(server.portal.snapshot()).toEqual(before);
});

test("an act takes the fields by either of their names", async () => {
  await control("POST", "reset");
  await control("POST", "settings", { userFields: { deal: [{ name: "UF_CRM_INN", type: "string" }] } });
  await control("POST", "act", { act: "addDeal", fields: { TITLE: "T", additionalInfo: "A-1", UF_CRM_INN: "7700" } });
  const deal = server.portal.deals.get(7001);
  expect(deal).toMatchObject({ title: "T", additionalInfo: "A-1", ufCrmInn: "7700" });
  expect(Object.keys(deal ?? {})).not.toContain("TITLE");
  await control("POST", "act", { act: "updateDeal", id: 7001, fields: { ufCrmInn: "7701", ADDITIONAL_INFO: "A-2" } });
  expect(server.portal.deals.get(7001)).toMatchObject({ ufCrmInn: "7701", additionalInfo: "A-2" });
  await control("POST", "act", { act: "addLead", fields: { STATUS_ID: "IN_PROCESS" } });
  expect(server.portal.leads.get(5001)).toMatchObject({ stageId: "IN_PROCESS" });
});

test("an act links a contact to several companies, by either name of the column", async () => {
  await control("POST", "reset");
  for (const name of ["companyIds", "COMPANY_IDS"]) {
    const fields = { name: "Ann", [name]: [4002, 4001] };
    expect(await control("POST", "act", { act: "addContact", fields })).toMatchObject({ status: 200 });
  }
  const linked = { companyId: 4002, companyIds: [4002, 4001] };
  expect([...server.portal.contacts.values()]).toMatchObject([linked, linked]);
});

test("null in an act empties a column of any type as the portal's own methods do", async () => {
  await control("POST", "reset");
  const userFields = { deal: [{ name: "UF_CRM_TAGS", type: "string", multiple: true }] };
  await control("POST", "settings", { userFields });
  const { staff } = server.portal;
  const contactIds = [staff.addContact({ name: "Ann" }).id];
  const lists = { contactIds, observers: [2], ufCrmTags: ["a"] };
  const filled = {
    title: "T",
    opportunity: 5,
    probability: 30,
    comments: "C",
    utmTerm: "x",
    companyId: 4001,
    ...lists,
  };
  for (const _ of [1, 2]) staff.addDeal({ ...filled, begindate: "2026-01-01", opened: "Y" });
  const names = Object.keys(filled).filter((name) => name !== "title");
  const fields = Object.fromEntries([...names, "begindate", "opened"].map((name) => [name, null]));
  await control("POST", "act", { act: "updateDeal", id: 7001, fields });
  await callPortal(server.portal, "crm.item.update", { entityTypeId: 2, id: 7002, fields });
  const empty = {
    ...{ contactId: null, companyId: null, contactIds: [], observers: [], ufCrmTags: [] },
    ...{ opportunity: 0, probability: null, comments: "", utmTerm: "", begindate: "", opened: "N" },
  };
  expect([...server.portal.deals.values()]).toMatchObject([empty, empty]);
});

test("a page of another site cannot steer the portal", async () => {
  const headers = { origin: "https://elsewhere.example" };
  for (const path of ["/control/reset", "/heal"]) {
    expect((await fetch(server.url + path, { method: "POST", headers })).status).toBe(403);
  }
});

test("the page shows contacts, deals and rows, newest first, and nothing of it becomes markup", async () => {
  await control("POST", "reset");
  const { staff } = server.portal;
  staff.addContact({ name: "<script>alert(1)</script>", originId: 'u"1', utmSource: "<b>tg</b>" });
  for (const title of ["First", "Second"]) staff.addDeal({ title, contactIds: [3001], currencyId: "USD" });
  staff.setRows(7002, [{ productId: 1777, price: 49 }]);
  const text = await (await fetch(server.url)).text();
  expect(text).not.toContain("alert(1)</script>");
  expect(text).not.toContain("<b>tg</b>");
  expect(text.indexOf("Second")).toBeLessThan(text.indexOf("First"));
  expect(text).toContain('data-contact-id="3001"');
  expect(text).toContain('data-product-row="1777"');
  expect(text).toContain("$49.00");
});

test("the page's forms move and delete, and its content is sent again only if it changed", async () => {
  await control("POST", "reset");
  server.portal.staff.addDeal({ title: "T" });
  const send = (path: string, fields: Record<string, string> = {}) =>
    fetch(server.url + path, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  expect((await send("/deals/7001/stage", { stageId: "WON" })).status).toBe(303);
  expect(server.portal.deals.get(7001)?.stageId).toBe("WON");
  const [, version = ""] = /data-version="([^"]*)"/.exec(await (await fetch(`${server.url}/content`)).text()) ?? [];
  const again = () => fetch(`${server.url}/content?not=${encodeURIComponent(version)}`);
  expect((await again()).status).toBe(204);
  await send("/deals/7001/delete");
  expect((await again()).status).toBe(200);
  expect((await send("/deals/7001/stage", { stageId: "WON" })).status).toBe(400);
});

test("the page speaks Russian to those who prefer it", async () => {
  const text = await (await fetch(server.url, { headers: { "accept-language": "ru-RU,ru;q=0.9,en;q=0.8" } })).text();
  expect(text).toContain('<html lang="ru">');
});
