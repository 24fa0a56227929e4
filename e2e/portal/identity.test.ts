import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { callPortal, sendTo } from "./call-portal";
import { createPortal } from "./portal";
import { startPortal } from "./server";

const server = await startPortal({ limits: { bucket: 0 } });
afterAll(() => server.close());

async function act(request: object): Promise<unknown> {
  const response = await fetch(`${server.url}/control/act`, { method: "POST", body: JSON.stringify(request) });
  expect(response.status).toBe(200);
  return ((await response.json()) as { result: unknown }).result;
}

test("another installation's people carry the same marks as this one's", async () => {
  const portal = createPortal();
  const people = portal.addInstallation({ count: 2, first: 5, stageId: "WON" });
  expect(people).toEqual([
    { contactId: 3001, dealId: 7001 },
    { contactId: 3002, dealId: 7002 },
  ]);
  const mark = { originatorId: "registration", originId: "user-6" };
  expect(portal.deals.get(7002)).toMatchObject({ ...mark, contactId: 3002, stageId: "WON", currencyId: "USD" });
  expect(portal.contacts.get(3002)).toMatchObject({ ...mark, hasPhone: "Y", hasEmail: "Y" });
  expect(portal.rows.get(7002)).toMatchObject([{ productId: 1777 }]);
});

test("a renamed portal answers at its new address only, and points to it from every other", async () => {
  const portal = createPortal();
  portal.rename("new.bitrix24.example", "https://new.bitrix24.example");
  const old = await portal.handle(new Request("https://old.bitrix24.example/rest/1/standinportalkey/profile?a=1"));
  expect(old.status).toBe(302);
  expect(old.headers.get("location")).toBe("https://new.bitrix24.example/rest/1/standinportalkey/profile?a=1");
  const answer = await portal.handle(new Request("https://new.bitrix24.example/rest/1/standinportalkey/profile"));
  expect(answer.status).toBe(200);
  expect(portal.settings.memberId).toBe(createPortal().settings.memberId);
});

test("the day of registration is written with the offset that the portal has at present", async () => {
  const portal = createPortal({ utcOffsetMinutes: 60 });
  const registered = async () =>
    ((await callPortal(portal, "user.current")).body.result as { DATE_REGISTER: string }).DATE_REGISTER;
  expect(await registered()).toBe("2024-01-15T03:00:00+01:00");
  portal.configure({ utcOffsetMinutes: 120 });
  expect(await registered()).toBe("2024-01-15T03:00:00+02:00");
});

test("another portal at the same address has other people, and strangers under the ids that were known", async () => {
  const portal = createPortal();
  portal.addInstallation({ count: 1 });
  const owner = async () => (await callPortal(portal, "user.current")).body.result;
  const before = await owner();
  const { memberId } = portal.settings;
  portal.becomeAnother({ customers: 2 });
  expect(await owner()).not.toMatchObject({ DATE_REGISTER: (before as { DATE_REGISTER: string }).DATE_REGISTER });
  expect(portal.settings.memberId).not.toBe(memberId);
  expect([...portal.deals.keys()]).toEqual([7001, 7002]);
  expect(portal.deals.get(7001)).toMatchObject({ originatorId: "", originId: "" });
  expect((await sendTo(portal, "/rest/1/standinportalkey/profile")).status).toBe(200);
});

test("events carry the portal's member id and its present name", async () => {
  const bodies: URLSearchParams[] = [];
  const receiver = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      bodies.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const portal = createPortal();
  portal.configure({ events: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` } });
  portal.rename("new.bitrix24.example");
  portal.staff.addDeal({ title: "T" });
  await portal.eventsSettled();
  receiver.close();
  expect(bodies[0]?.get("auth[domain]")).toBe("new.bitrix24.example");
  expect(bodies[0]?.get("auth[member_id]")).toBe(portal.settings.memberId);
});

test("another process can have all of this done", async () => {
  expect(await act({ act: "addInstallation", count: 1 })).toEqual([{ contactId: 3001, dealId: 7001 }]);
  await act({ act: "addContact", fields: { name: "Boss" }, by: 3 });
  await act({ act: "makeMain", id: 7001, contactId: 3002 });
  await act({ act: "changeCurrency", id: 7001, currency: "EUR" });
  await act({ act: "mergeContacts", ids: [3001, 3002], into: 3002, settled: true });
  await act({ act: "assignDeal", id: 7001, userId: 3 });
  expect(server.portal.deals.get(7001)).toMatchObject({ contactIds: [3002], currencyId: "EUR", assignedById: 3 });
  expect(server.portal.contacts.get(3002)).toMatchObject({ createdBy: 3 });
  await act({ act: "rename", domain: "new.bitrix24.example", origin: "http://localhost:1" });
  const moved = await fetch(`${server.webhookUrl}profile`, { redirect: "manual" });
  expect([moved.status, moved.headers.get("location")]).toEqual([
    302,
    "http://localhost:1/rest/1/standinportalkey/profile",
  ]);
  await act({ act: "becomeAnother", customers: 1 });
  expect([...server.portal.deals.values()]).toMatchObject([{ id: 7001, originId: "" }]);
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(200);
});
