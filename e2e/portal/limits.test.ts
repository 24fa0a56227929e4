import { expect, test } from "vitest";
import { defaultSecret } from "./administration";
import { callBatch, callPortal, sendTo } from "./call-portal";
import { createPortal } from "./portal";

const addContact = { entityTypeId: 3, fields: { name: "Ann" } };
const profile = `/rest/1/${defaultSecret}/profile`;

test("the request that finds the bucket full is refused, not executed, and not told when to come back", async () => {
  const portal = createPortal({ limits: { bucket: 3, perSecond: 0 } });
  for (let request = 0; request < 3; request++) await callPortal(portal, "crm.item.add", addContact);
  const refused = await callPortal(portal, "crm.item.add", addContact);
  expect(refused).toMatchObject({ status: 503, body: { error: "QUERY_LIMIT_EXCEEDED" } });
  expect(refused.headers.get("retry-after")).toBeNull();
  expect(portal.contacts.size).toBe(3);
  expect(portal).toMatchObject({ requests: 4, refused: 1 });
});

test("the bucket leaks by the portal's clock", async () => {
  // A clock that stands still but for what is done here: half a second of ours would let a request more pass.
  const portal = createPortal({ limits: { bucket: 2, perSecond: 2 }, clockSpeed: 0 });
  await callPortal(portal, "profile");
  await callPortal(portal, "profile");
  expect((await callPortal(portal, "profile")).status).toBe(503);
  portal.advance(500);
  expect((await callPortal(portal, "profile")).status).toBe(200);
  expect((await callPortal(portal, "profile")).status).toBe(503);
});

test("fifty requests pass at once by default, and a batch of fifty commands is one of them", async () => {
  const portal = createPortal({ limits: { perSecond: 0 } });
  const cmd = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`c${index}`, "profile"]));
  for (let request = 0; request < 50; request++) expect((await callPortal(portal, "batch", { cmd })).status).toBe(200);
  expect((await callPortal(portal, "batch", { cmd })).status).toBe(503);
});

test("each address has a bucket of its own", async () => {
  const portal = createPortal({ limits: { bucket: 1, perSecond: 0 } });
  expect((await sendTo(portal, profile, {}, "192.0.2.1")).status).toBe(200);
  expect((await sendTo(portal, profile, {}, "192.0.2.1")).status).toBe(503);
  expect((await sendTo(portal, profile, {}, "192.0.2.2")).status).toBe(200);
});

test("all webhooks used from one address share its bucket", async () => {
  const other = { userId: 2, secret: "other", scopes: ["crm"] };
  const webhooks = [{ userId: 1, secret: defaultSecret, scopes: ["crm"] }, other];
  const portal = createPortal({ limits: { bucket: 1, perSecond: 0 }, webhooks });
  expect((await sendTo(portal, profile)).status).toBe(200);
  expect((await sendTo(portal, "/rest/2/other/profile")).status).toBe(503);
});

test("a bucket of zero switches the limit off", async () => {
  const portal = createPortal({ limits: { bucket: 0 } });
  for (let request = 0; request < 200; request++) expect((await callPortal(portal, "profile")).status).toBe(200);
});

test("the call that crosses the operating limit completes, the next one of this method is refused, others go on", async () => {
  const portal = createPortal({ costs: { "crm.item.add": 300 }, limits: { requestSeconds: 1000 } });
  await callPortal(portal, "crm.item.add", addContact);
  const crossing = await callPortal(portal, "crm.item.add", addContact);
  expect(crossing.body.time?.operating).toBe(600);
  const refused = await callPortal(portal, "crm.item.add", addContact);
  expect(refused).toMatchObject({ status: 429, body: { error: "OPERATION_TIME_LIMIT" } });
  expect(refused.body.time).toBeUndefined();
  expect((await callPortal(portal, "crm.item.list", { entityTypeId: 3 })).status).toBe(200);
  expect(portal.contacts.size).toBe(2);
});

test("operating seconds leave the account ten minutes after the first call of their minute", async () => {
  const portal = createPortal({ costs: { profile: 300 }, limits: { requestSeconds: 1000 } });
  const first = await callPortal(portal, "profile");
  portal.advance(5 * 60_000);
  await callPortal(portal, "profile");
  expect((await callPortal(portal, "profile")).status).toBe(429);
  portal.advance((first.body.time?.operating_reset_at ?? 0) * 1000 - portal.now() + 1000);
  const later = await callPortal(portal, "profile");
  expect(later).toMatchObject({ status: 200, body: { time: { operating: 600 } } });
});

test("another webhook has an account of its own", async () => {
  const other = { userId: 2, secret: "other", scopes: ["crm"] };
  const webhooks = [{ userId: 1, secret: defaultSecret, scopes: ["crm"] }, other];
  const portal = createPortal({ costs: { profile: 480 }, limits: { requestSeconds: 1000 }, webhooks });
  await sendTo(portal, profile);
  expect((await sendTo(portal, profile)).status).toBe(429);
  expect((await sendTo(portal, "/rest/2/other/profile")).status).toBe(200);
});

test("calls shorter than a tenth of a second cost nothing", async () => {
  const portal = createPortal({ costs: { profile: 0.09 }, limits: { operatingSeconds: 0.05 } });
  for (let call = 0; call < 10; call++) expect((await callPortal(portal, "profile")).body.time?.operating).toBe(0);
});

test("inside a batch the operating limit is a command's error, and the other commands run", async () => {
  const portal = createPortal({ costs: { profile: 480 }, limits: { requestSeconds: 1000 } });
  await callPortal(portal, "profile");
  const { result, result_error } = await callBatch(portal, { a: "profile", b: "scope" });
  expect(result_error).toMatchObject({ a: { error: "OPERATION_TIME_LIMIT" } });
  expect(Object.keys(result)).toEqual(["b"]);
});

test("a batch can be charged as one method instead of its commands", async () => {
  const switches = { batchCharge: "batch" } as const;
  const portal = createPortal({ costs: { profile: 200, scope: 200 }, limits: { requestSeconds: 1000 }, switches });
  const { result_time } = await callBatch(portal, { a: "profile", b: "scope" });
  expect(result_time.b?.operating).toBe(400);
  expect((await callPortal(portal, "profile")).body.time?.operating).toBe(200);
});

test("a request that runs into the time wall is cut, and what ran before stays done", async () => {
  const portal = createPortal({ costs: { "crm.item.add": 25 }, limits: { requestSeconds: 60 } });
  const cmd = Object.fromEntries([1, 2, 3].map((key) => [key, "crm.item.add?entityTypeId=3&fields[name]=Ann"]));
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ cmd }) };
  const response = await portal.handle(new Request(`https://portal.example/rest/1/${defaultSecret}/batch`, init));
  expect(response.status).toBe(504);
  expect(await response.text()).toContain("<html>");
  expect(portal.contacts.size).toBe(2);
});
