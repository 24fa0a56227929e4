import { expect, test } from "vitest";
import { defaultSecret } from "./administration";
import { callPortal, sendTo } from "./call-portal";
import { createPortal } from "./portal";

test("a success has a result and the time it took, with the operating account", async () => {
  const { body, headers } = await callPortal(createPortal(), "crm.currency.list");
  expect(body.time).toMatchObject({ duration: expect.any(Number), processing: expect.any(Number) });
  expect(body.time).toMatchObject({ operating: expect.any(Number), operating_reset_at: expect.any(Number) });
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
});

test("portals without the load account send none of it, or only a part", async () => {
  const without = await callPortal(createPortal({ switches: { operating: "absent" } }), "profile");
  expect(without.body.time).not.toHaveProperty("operating");
  const part = await callPortal(createPortal({ switches: { operating: "withoutReset" } }), "profile");
  expect(part.body.time).toHaveProperty("operating");
  expect(part.body.time).not.toHaveProperty("operating_reset_at");
});

test("an error has neither result nor time, and its code may be empty or a number", async () => {
  const portal = createPortal();
  const legacy = await callPortal(portal, "crm.deal.get", { id: 999 });
  expect(legacy).toMatchObject({ status: 400, body: { error: "", error_description: "Not found" } });
  const missing = await callPortal(portal, "crm.item.get", { entityTypeId: 2 });
  expect(missing).toMatchObject({ status: 400, body: { error: 100 } });
  const payment = await callPortal(portal, "crm.item.payment.pay", { id: 5 });
  expect(payment).toMatchObject({ status: 400, body: { error: 0 } });
  for (const { body } of [legacy, missing, payment]) {
    expect(body).not.toHaveProperty("result");
    expect(body).not.toHaveProperty("time");
  }
});

test("numeric codes can come as text, as the documentation prints them", async () => {
  const portal = createPortal({ switches: { numericCodes: "string" } });
  expect((await callPortal(portal, "crm.item.get", { entityTypeId: 2 })).body.error).toBe("100");
});

test("texts come in the portal's language while codes do not", async () => {
  const portal = createPortal({ language: "ru" });
  const { body } = await callPortal(portal, "crm.item.get", { entityTypeId: 2, id: 1 });
  expect(body.error).toBe("NOT_FOUND");
  expect(body.error_description).toMatch(/[а-я]/);
  const { body: required } = await callPortal(portal, "crm.contact.add", { fields: {} });
  expect(required).toEqual({ error: "", error_description: expect.stringMatching(/[а-я]/) });
});

test("times carry the portal's offset, and dates without a time its odd hour", async () => {
  const portal = createPortal({ utcOffsetMinutes: 330 });
  const deal = portal.staff.addDeal({ title: "T", begindate: "2026-08-30" });
  const { body } = await callPortal(portal, "crm.deal.get", { id: deal.id });
  expect(body.result).toMatchObject({ BEGINDATE: "2026-08-30T03:00:00+05:30" });
  expect(body.result).toMatchObject({ DATE_CREATE: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/) });
  const created = (body.result as { DATE_CREATE: string }).DATE_CREATE;
  expect(Date.parse(created)).toBe(deal.createdTime);
  expect((await callPortal(portal, "server.time")).body.result).toMatch(/\+05:30$/);
});

test("the portal's clock can be set apart from ours", async () => {
  const portal = createPortal();
  portal.advance(3_600_000);
  const { body } = await callPortal(portal, "server.time");
  expect(Date.parse(String(body.result)) - Date.now()).toBeGreaterThan(3_500_000);
});

test("raw answers escape slashes and everything beyond ASCII, as PHP does", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Анна/К" });
  const url = `https://portal.example/rest/1/${defaultSecret}/crm.contact.list`;
  const raw = await (await portal.handle(new Request(url))).text();
  expect(raw).toContain(String.raw`\u0410\u043d\u043d\u0430\/\u041a`);
});

test("what is not UTF-8 is refused", async () => {
  const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]);
  const headers = { "content-type": "application/json" };
  const answer = await sendTo(createPortal(), `/rest/1/${defaultSecret}/profile`, { method: "POST", headers, body });
  expect(answer.body.error).toBe("WRONG_ENCODING");
});

test("app.info is refused or answered, depending on the portal's version", async () => {
  const refused = await callPortal(createPortal(), "app.info");
  expect(refused).toMatchObject({ status: 403, body: { error: "ACCESS_DENIED" } });
  const answered = await callPortal(createPortal({ switches: { appInfo: "answered" } }), "app.info");
  expect(answered.body.result).toMatchObject({ SCOPE: expect.arrayContaining(["crm"]) });
});
