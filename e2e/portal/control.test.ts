import { afterAll, expect, test } from "vitest";
import { startPortal } from "./server";

const server = await startPortal();
afterAll(() => server.close());

async function control(method: string, path: string, body?: object) {
  const init = body ? { method, body: JSON.stringify(body) } : { method };
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
])("what would break the portal or have no effect is refused: %s %j", async (path, body) => {
  await control("POST", "reset");
  const settings = structuredClone(server.portal.settings);
  expect(await control("POST", path, body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  expect(server.portal.settings).toEqual(settings);
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(200);
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
