import { type AjaxError, ApiVersion, B24Hook, type RestrictionParams, Text } from "@bitrix24/b24jssdk";
import { afterAll, expect, test } from "vitest";
import { type PortalServer, startPortal } from "./server";
import type { PortalOptions } from "./settings";

const servers: PortalServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/**
 * The official SDK on a portal of its own. It takes https addresses only, so it is given one, and the request goes out
 * over http by an interceptor on the HTTP client that the SDK itself hands out; nothing of the SDK is replaced.
 */
async function connected(options: PortalOptions = {}, restrictions: RestrictionParams = {}) {
  const server = await startPortal(options);
  servers.push(server);
  const restrictionParams = { maxRetries: 1, ...restrictions };
  const hook = B24Hook.fromWebhookUrl(server.webhookUrl.replace("http://", "https://"), { restrictionParams });
  const client = hook.getHttpClient(ApiVersion.v2).ajaxClient;
  client.interceptors.request.use((config) => ({ ...config, url: config.url?.replace("https://", "http://") ?? "" }));
  return { portal: server.portal, client, hook, rest: hook.actions.v2 };
}

async function errorOf(call: Promise<unknown>): Promise<AjaxError> {
  return call.then(
    () => expect.fail("The SDK did not see an error"),
    (error: AjaxError) => error,
  );
}

test("the example that the SDK's README begins with tells who the webhook's owner is", async () => {
  const { hook } = await connected();
  const response = await hook.actions.v2.call.make({ method: "user.current", requestId: "get-current-user" });
  expect(response.isSuccess).toBe(true);
  expect(response.getData()?.result).toMatchObject({ ID: "1", ACTIVE: true, NAME: "Vera", LAST_NAME: "Owner" });
  hook.destroy();
});

test("the first recipe of the SDK's documentation finds the webhook alive", async () => {
  const { rest } = await connected({ switches: { appInfo: "answered" } });
  const profile = await rest.call.make<{ ID: string }>({ method: "profile" });
  const app = await rest.call.make<{ SCOPE: string[] }>({ method: "app.info" });
  expect(profile.getData()?.result.ID).toBe("1");
  expect(app.getData()?.result.SCOPE).toContain("crm");
});

test("the documentation's example of a lead makes one with the SDK, and a list walks over all", async () => {
  const { rest, portal } = await connected();
  const fields = {
    ...{ TITLE: "Sole trader", NAME: "Gleb", LAST_NAME: "Titov", STATUS_ID: "NEW", OPENED: "Y", ASSIGNED_BY_ID: 1 },
    ...{ CURRENCY_ID: "USD", OPPORTUNITY: 12500, PHONE: [{ VALUE: "555888", VALUE_TYPE: "WORK" }] },
    ...{ WEB: [{ VALUE: "www.site.example", VALUE_TYPE: "WORK" }] },
  };
  const params = { fields, params: { REGISTER_SONET_EVENT: "Y" } };
  const response = await rest.call.make<number>({ method: "crm.lead.add", params, requestId: Text.getUuidRfc4122() });
  expect(response.getData()?.result).toBe(5001);
  expect(portal.leads.get(5001)).toMatchObject({ title: "Sole trader", stageId: "NEW", opportunity: 12500 });
  for (let index = 0; index < 60; index++) portal.staff.addLead({});
  const list = await rest.callList.make<{ ID: string }>({ method: "crm.lead.list", params: { select: ["ID"] } });
  expect(list.getData()?.map(({ ID }) => Number(ID))).toEqual([...portal.leads.keys()]);
});

test("the SDK reads what a single call answers", async () => {
  const { rest } = await connected();
  const fields = { name: "Анна", fm: [{ typeId: "PHONE", valueType: "WORK", value: "+79990000000" }] };
  const added = await rest.call.make<{ item: { id: number } }>({
    method: "crm.item.add",
    params: { entityTypeId: 3, fields },
  });
  expect(added.isSuccess).toBe(true);
  expect(added.getData()?.result.item).toMatchObject({ id: 3001, name: "Анна" });
  expect(added.getData()?.time).toMatchObject({ operating: expect.any(Number) });
  const found = await rest.call.make({
    method: "crm.duplicate.findbycomm",
    params: { type: "PHONE", values: ["89990000000"], entity_type: "CONTACT" },
  });
  expect(found.getData()?.result).toEqual({ CONTACT: [3001] });
});

test("the SDK reads a batch of named commands, and of numbered ones", async () => {
  const { rest, portal } = await connected();
  portal.staff.addContact({ name: "Ann & Bea + 100%" });
  const contact = { method: "crm.item.get", params: { entityTypeId: 3, id: 3001 } };
  const named = await rest.batch.make<{ item: { name: string } }>({
    calls: { one: contact, two: ["crm.item.list", { entityTypeId: 3, filter: { "=name": "Ann & Bea + 100%" } }] },
  });
  expect(named.isSuccess).toBe(true);
  expect(named.getData()).toMatchObject({
    one: { item: { name: "Ann & Bea + 100%" } },
    two: { items: [{ id: 3001 }] },
  });
  const numbered = await rest.batch.make({ calls: [contact, contact] });
  expect(numbered.getData()).toMatchObject([{ item: { id: 3001 } }, { item: { id: 3001 } }]);
});

test("the SDK tells failed commands of a batch from those that went well", async () => {
  const { rest, portal } = await connected();
  portal.staff.addContact({ name: "Ann" });
  const response = await rest.batch.make({
    calls: {
      good: ["crm.item.get", { entityTypeId: 3, id: 3001 }],
      bad: ["crm.item.get", { entityTypeId: 3, id: 999 }],
    },
    options: { isHaltOnError: false },
  });
  expect(response.isSuccess).toBe(false);
  expect([...response.errors.entries()]).toMatchObject([["bad", { code: "NOT_FOUND" }]]);
  expect(response.getData()).toMatchObject({ good: { item: { id: 3001 } } });
});

test("the SDK's fast list walks all rows by id, in both families", async () => {
  const { rest, portal } = await connected();
  for (let index = 0; index < 120; index++) portal.staff.addDeal({ title: `Deal ${index}` });
  const newer = await rest.callList.make<{ id: number }>({
    method: "crm.item.list",
    params: { entityTypeId: 2, select: ["id"] },
    idKey: "id",
    customKeyForResult: "items",
  });
  expect(newer.getData()?.map(({ id }) => id)).toEqual([...portal.deals.keys()]);
  const older = await rest.callList.make<{ ID: string }>({ method: "crm.deal.list", params: { select: ["ID"] } });
  expect(older.getData()?.map(({ ID }) => Number(ID))).toEqual([...portal.deals.keys()]);
});

test("the SDK cuts long work into batches of fifty", async () => {
  const { rest, portal } = await connected();
  const add = (index: number) => ({ method: "crm.contact.add", params: { fields: { NAME: `Contact ${index}` } } });
  const response = await rest.batchByChunk.make({ calls: Array.from({ length: 60 }, (_, index) => add(index)) });
  expect(response.isSuccess).toBe(true);
  expect(portal.contacts.size).toBe(60);
  expect(portal.requests).toBe(2);
});

test.each([
  ["badCredentials", "INVALID_CREDENTIALS", 401],
  ["plan", "ACCESS_DENIED", 401],
  ["overload", "OVERLOAD_LIMIT", 401],
  ["deleted", "PORTAL_DELETED", 403],
  ["insufficientScope", "insufficient_scope", 401],
  ["expired", "expired_token", 401],
  ["limit", "QUERY_LIMIT_EXCEEDED", 503],
  ["operating", "OPERATION_TIME_LIMIT", 429],
  ["500", "INTERNAL_SERVER_ERROR", 500],
] as const)("the SDK understands the fault %s as %s", async (kind, code, status) => {
  const { rest, portal } = await connected();
  portal.fail({ kind });
  expect(await errorOf(rest.call.make({ method: "profile" }))).toMatchObject({ name: "AjaxError", code, status });
});

test("the SDK understands errors of methods, unknown ones and missing parameters", async () => {
  const { rest } = await connected({ switches: { numericCodes: "string" } });
  const call = (method: string, params = {}) => errorOf(rest.call.make({ method, params }));
  expect(await call("crm.item.get", { entityTypeId: 2, id: 9 })).toMatchObject({ code: "NOT_FOUND", status: 400 });
  expect(await call("crm.item.get", { entityTypeId: 2 })).toMatchObject({ code: "100", status: 400 });
  expect(await call("crm.nothing")).toMatchObject({ code: "ERROR_METHOD_NOT_FOUND", status: 404 });
});

test("the SDK waits and repeats when it is too fast, and succeeds", async () => {
  const { rest, portal } = await connected({}, { maxRetries: 3 });
  portal.fail({ kind: "limit", times: 1 });
  const response = await rest.call.make({ method: "profile" });
  expect(response.getData()?.result).toMatchObject({ ID: "1" });
  expect(portal.requests).toBe(2);
});

test("the SDK's own repetition makes three contacts of one whose answers were lost", async () => {
  const { rest, portal } = await connected({}, { maxRetries: 3, retryDelay: 1 });
  portal.fail({ kind: "dropAfter" });
  const params = { entityTypeId: 3, fields: { name: "Ann" } };
  await errorOf(rest.call.make({ method: "crm.item.add", params }));
  expect(portal.contacts.size).toBe(3);
});

test("the SDK sees a timeout where the portal hangs, and a broken answer where it is cut", async () => {
  const { rest, portal, client } = await connected();
  client.defaults.timeout = 100;
  portal.fail({ kind: "hang", times: 1 });
  expect(await errorOf(rest.call.make({ method: "profile" }))).toMatchObject({ code: "REQUEST_TIMEOUT" });
  client.defaults.timeout = 0;
  // Also where the client gave up before the portal had the request.
  portal.clearFaults();
  portal.fail({ kind: "cutJson", times: 1 });
  const broken = await errorOf(rest.call.make({ method: "profile" }));
  expect(broken).toMatchObject({ name: "AjaxError", status: expect.any(Number) });
  expect(broken.code).not.toBe("REQUEST_TIMEOUT");
  expect(portal.faults).toEqual([]);
});
