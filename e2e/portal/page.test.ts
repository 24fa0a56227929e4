import { afterAll, beforeEach, expect, test } from "vitest";
import { startPortal } from "./server";
import { handlings, switchSides } from "./switches";

const server = await startPortal();
const { portal } = server;
afterAll(() => server.close());
beforeEach(() => portal.reset());

async function send(path: string, fields: Record<string, string>) {
  const answer = await fetch(server.url + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
}

const settingsPage = async (language = "en") =>
  (await fetch(`${server.url}/settings`, { headers: { "accept-language": language } })).text();

test("the page shows the visits that Sales Intelligence links with a deal or contact", async () => {
  const contact = portal.staff.addContact({ name: "Ann" });
  const deal = portal.staff.addDeal({ title: "T", contactIds: [contact.id] });
  const TRACE = JSON.stringify({ tags: { list: { utm_source: "<b>vk</b>" } } });
  const ENTITIES = [
    { TYPE: "DEAL", ID: deal.id },
    { TYPE: "CONTACT", ID: contact.id },
  ];
  const add = await fetch(`${server.webhookUrl}crm.tracking.trace.add`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ TRACE, ENTITIES }),
  });
  expect(add.status).toBe(200);
  const shown = await (await fetch(`${server.url}/`, { headers: { "accept-language": "ru" } })).text();
  expect(shown.match(/data-trace/g)?.length).toBeGreaterThanOrEqual(2);
  expect(shown).toContain("Визит (сквозная аналитика)");
  expect(shown).not.toContain("<b>vk</b>");
});

test("the page shows what programs have told employees, and nothing in it acts", async () => {
  const shown = async () => (await fetch(`${server.url}/`, { headers: { "accept-language": "ru" } })).text();
  expect(await shown()).not.toContain("Сообщения сотрудникам");
  const sent = await fetch(`${server.webhookUrl}im.notify.system.add`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ USER_ID: 2, MESSAGE: "New: <b>Ann</b>\nSee the deal" }),
  });
  expect(sent.status).toBe(200);
  expect(await shown()).toMatch(/Сообщения сотрудникам.*data-receiver="2".*Maxim Manager.*New: &#60;b&#62;Ann/s);
  expect(await shown()).not.toContain("<b>Ann</b>");
});

test("the page's forms let a manager sell, link, hand over and merge", async () => {
  portal.staff.addContact({ name: "Ann" });
  portal.staff.addContact({ name: "Bea" });
  portal.staff.addDeal({ title: "T", currencyId: "USD", contactIds: [3001] });
  portal.staff.setRows(7001, [{ productId: 1777, price: 49 }]);
  const act = async (fields: Record<string, string>) =>
    expect(await send("/act", fields)).toMatchObject({ status: 303, location: "/" });

  await act({ act: "changeCurrency", id: "7001", currency: "RUB" });
  expect(portal.deals.get(7001)).toMatchObject({ currencyId: "RUB", opportunity: 4410 });
  await act({ act: "replaceProduct", id: "7001", from: "1777", to: "1777", price: "50" });
  expect(portal.deals.get(7001)?.opportunity).toBe(50);
  await act({ act: "makeMain", id: "7001", contactId: "3002" });
  await act({ act: "assignDeal", id: "7001", userId: "3" });
  expect(portal.deals.get(7001)).toMatchObject({ contactIds: [3002, 3001], assignedById: 3 });
  await act({ act: "linkContacts", id: "7001" });
  expect(portal.deals.get(7001)?.contactIds).toEqual([]);
  await act({ act: "updateContact", id: "3001", phones: "+79990000000", emails: "" });
  expect(portal.contacts.get(3001)?.fm).toMatchObject([{ value: "+79990000000" }]);
  await act({ act: "mergeContacts", into: "3002", ids: "3001", settled: "on" });
  expect([...portal.contacts.keys()]).toEqual([3002]);
  expect((await send("/act", { act: "makeMain", id: "7001", contactId: "x" })).status).toBe(400);
});

test("a card shows the comment and the filled user fields, an enumeration by the text of its item", async () => {
  portal.configure({
    userFields: {
      contact: [{ name: "UF_CRM_NICK", type: "string", title: "Nickname", multiple: true }],
      deal: [
        { name: "UF_CRM_CITY", type: "enumeration", title: "City", items: [{ id: 41, value: "<Kazan>" }] },
        { name: "UF_CRM_EMPTY", type: "string", title: "Nothing here" },
      ],
    },
  });
  portal.staff.addContact({ name: "Ann", ufCrmNick: ["A", "B"] });
  portal.staff.addDeal({ title: "T", comments: "Promo: <b>X1</b>", ufCrmCity: 41 });
  const page = await (await fetch(server.url, { headers: { "accept-language": "en" } })).text();
  expect(page).toContain('<dt>City</dt><dd class="typed" data-user-field="UF_CRM_CITY">&#60;Kazan&#62;</dd>');
  expect(page).toContain('<dt>Nickname</dt><dd class="typed" data-user-field="UF_CRM_NICK">A, B</dd>');
  expect(page).toContain('<dt>Comment</dt><dd class="typed" data-comments>Promo: &#60;b&#62;X1&#60;/b&#62;</dd>');
  expect(page).not.toContain("Nothing here");
});

test("leads are shown once there are some, and a manager moves and deletes them there", async () => {
  const content = async () => (await fetch(`${server.url}/content`)).text();
  expect(await content()).not.toContain("data-lead-count");
  const { id } = portal.staff.addLead({ title: "<Ann> asks", name: "Ann" }, { phones: ["+79990000000"] });
  expect(await content()).toContain("&#60;Ann&#62; asks");
  expect(await content()).toContain('data-communication="PHONE">+79990000000');
  await send(`/leads/${id}/stage`, { stageId: "CONVERTED" });
  expect(portal.leads.get(id)).toMatchObject({ stageId: "CONVERTED" });
  await send(`/leads/${id}/delete`, {});
  expect(portal.leads.size).toBe(0);
});

test("companies are shown once there are some, with links from their people, and a manager deletes them there", async () => {
  const content = async () => (await fetch(`${server.url}/content`)).text();
  expect(await content()).not.toContain("data-company-count");
  const { id } = portal.staff.addCompany({ title: "<Titov>" }, { phones: ["+79990000000"] });
  portal.staff.addContact({ name: "Ann", companyId: id });
  portal.staff.addDeal({ title: "T", companyId: 4999 });
  expect(await content()).toContain(
    `<dd data-company="${id}"><a href="#company-${id}">&#60;Titov&#62; № ${id}</a></dd>`,
  );
  expect(await content()).toContain('<dd data-company="4999">№ 4999</dd>');
  await send(`/companies/${id}/delete`, {});
  expect(portal.companies.size).toBe(0);
  expect(await content()).not.toContain(`data-company="${id}"`);
});

test("every switch and every handling is on the settings page, in both languages, and can be set there", async () => {
  for (const language of ["en", "ru"]) {
    const text = await settingsPage(language);
    for (const name of Object.keys(switchSides)) expect(text).toContain(`id="switches.${name}"`);
    for (const name of Object.keys(handlings)) expect(text).toContain(`id="unknown.${name}"`);
  }
  const saved = await send("/settings/switches", {
    fourByteText: "cut",
    recomputeOpportunity: "false",
    portalDeletedStatus: "410",
  });
  expect(saved).toMatchObject({ status: 303, location: "/settings" });
  expect(portal.settings.switches).toMatchObject({
    fourByteText: "cut",
    recomputeOpportunity: false,
    portalDeletedStatus: 410,
    statuses: "current",
  });
  await send("/settings/unknown", { source: "refused" });
  expect(portal.settings.unknown).toMatchObject({ source: "refused", company: "stored" });
});

test("kinds, mandatory fields, rights, times and the rest are set on the settings page", async () => {
  await send("/preset", { preset: "three-byte-box" });
  expect(portal.preset).toBe("three-byte-box");
  const fields = { contact: "post, PHONE", deal: "companyId", lead: "EMAIL", company: "PHONE", missingMethods: "im.*" };
  await send("/settings/fields", fields);
  expect(portal.settings).toMatchObject({
    required: { contact: ["post", "PHONE"], deal: ["companyId"], lead: ["EMAIL"], company: ["PHONE"] },
    missingMethods: ["im.*"],
  });
  await send("/settings/rights", {
    "deal.read": "own",
    "contact.add": "none",
    "lead.add": "own",
    denied: "crm.currency.list",
  });
  const rights = {
    deal: { read: "own" },
    contact: { add: "none" },
    lead: { add: "own" },
    denied: ["crm.currency.list"],
  };
  expect(portal.settings.users[0]).toMatchObject({ id: 1, admin: false, rights });
  await send("/settings/times", { duplicateLagMs: "5000", bucket: "0", perSecond: "2" });
  expect(portal.settings).toMatchObject({ duplicateLagMs: 5000, limits: { bucket: 0 } });
  await send("/settings/json", { json: JSON.stringify({ robots: [{ on: "deal", set: { stageId: "WON" } }] }) });
  expect(portal.settings.robots).toHaveLength(1);
  const before = portal.now();
  await send("/settings/clock", { minutes: "60" });
  expect(portal.now() - before).toBeGreaterThanOrEqual(3_600_000);
  await send("/act", { act: "addInstallation", count: "2", back: "/settings" });
  expect(portal.deals.size).toBe(2);
  await send("/settings/reset", {});
  expect([portal.deals.size, portal.preset]).toEqual([0, "lenient"]);
});

test("the form of rights leaves the hidden funnels as they were", async () => {
  const users = portal.settings.users.map((user) =>
    user.id === 1 ? { ...user, rights: { hiddenFunnels: [1] } } : user,
  );
  portal.configure({ users });
  await send("/settings/rights", { "deal.read": "own", denied: "" });
  expect(portal.settings.users[0]?.rights).toEqual({
    ...{ hiddenFunnels: [1], denied: [], deal: { read: "own" } },
    ...{ contact: {}, lead: {}, company: {} },
  });
  const settings = structuredClone(portal.settings);
  expect((await send("/settings/rights", { "deal.read": "mine", denied: "" })).status).toBe(400);
  expect(portal.settings).toEqual(settings);
});

test.each([
  ["/settings/json", { json: "{" }],
  ["/settings/json", { json: '{"limit":1}' }],
  ["/settings/switches", { fourByteText: "none" }],
  ["/settings/times", { duplicateLagMs: "soon", bucket: "0", perSecond: "2" }],
])("what cannot be set is said on the page: %s %j", async (path, fields) => {
  const settings = structuredClone(portal.settings);
  const answer = await send(path, fields);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('role="alert"');
  expect(portal.settings).toEqual(settings);
});

test("what the settings hold does not become markup, and the key of the events is not shown", async () => {
  portal.configure({ required: { contact: ['"><script>alert(1)</script>'], deal: [] }, events: { token: "s3cret" } });
  const text = await settingsPage();
  expect(text).not.toContain("<script>alert");
  expect(text).not.toContain("s3cret");
  expect(await settingsPage("ru")).toContain('<html lang="ru">');
  expect((await send("/settings/toString", {})).status).toBe(404);
});
