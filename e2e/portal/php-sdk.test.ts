import { afterAll, expect, test } from "vitest";
import { type PortalServer, startPortal } from "./server";
import type { PortalOptions } from "./settings";

const servers: PortalServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function started(options: PortalOptions = {}): Promise<PortalServer> {
  const server = await startPortal(options);
  servers.push(server);
  return server;
}

interface Answered {
  result: unknown;
  total?: number;
  error?: string | number;
  error_description?: string;
}

/** As the official SDK sends: JSON, with slashes before and behind the method, a number for the request and its own headers. */
async function callSdk({ webhookUrl }: PortalServer, method: string, json: object = {}): Promise<Answered> {
  const id = "01a21a16-315a-724b-9999-0eaf98538fda";
  const headers = {
    accept: "application/json",
    "accept-charset": "utf-8",
    "content-type": "application/json",
    "user-agent": "b24-php-sdk-vendor-v-1.9.0-php-8.2.32",
    "x-bitrix24-php-sdk-version": "1.9.0",
  };
  const request = { method: "POST", body: JSON.stringify(json), headers };
  const response = await fetch(`${webhookUrl}/${method}/?bx24_request_id=${id}`, request);
  return (await response.json()) as Answered;
}

test("the two calls that the official SDK's README begins with: the second is answered, the first where a portal does", async () => {
  const server = await started();
  expect(await callSdk(server, "app.info", [])).toMatchObject({ error: "ACCESS_DENIED" });
  expect((await callSdk(server, "user.current", [])).result).toMatchObject({ ID: "1", NAME: "Vera" });
  server.portal.configure({ switches: { appInfo: "answered" } });
  expect((await callSdk(server, "app.info", [])).result).toMatchObject({ SCOPE: expect.arrayContaining(["crm"]) });
});

test("the official SDK's examples of leads, of funnels and of user fields are answered", async () => {
  const items = [{ id: 61, value: "One" }];
  const field = { name: "UF_CRM_KIND", type: "enumeration", multiple: true, items } as const;
  const server = await started({ userFields: { deal: [field] } });
  const lead = { TITLE: "New", BIRTHDATE: "1980-01-01T00:00:00+03:00", SOURCE_ID: "WEB", ADDRESS: "123 Main St" };
  // Phones that come as text are lost without a word, on real portals as well.
  const fields = { ...lead, PHONE: "+1234567890", OPPORTUNITY: "1000", ASSIGNED_BY_ID: 1 };
  const params = { REGISTER_SONET_EVENT: "Y" };
  expect((await callSdk(server, "crm.lead.add", { fields, params })).result).toBe(5001);
  expect((await callSdk(server, "crm.lead.get", { id: 5001 })).result).toMatchObject({ ADDRESS: "123 Main St" });
  const list = { order: { SORT: "ASC" }, filter: { IS_LOCKED: "N" }, select: ["ID", "NAME", "SORT"], start: 0 };
  expect(await callSdk(server, "crm.dealcategory.list", list)).toMatchObject({
    result: [{ ID: "1", NAME: "Partners", SORT: "200" }],
    total: 1,
  });
  expect((await callSdk(server, "crm.deal.userfield.list", { order: [], filter: [] })).result).toMatchObject([
    { FIELD_NAME: "UF_CRM_KIND", ENTITY_ID: "CRM_DEAL", LIST: [{ ID: "61", VALUE: "One" }] },
  ]);
});

test("the official SDK's addresses, with a slash before and behind the method, reach it", async () => {
  const server = await started();
  expect(
    (await callSdk(server, "crm.contact.add", { fields: { NAME: "Ann" }, params: { REGISTER_SONET_EVENT: "N" } }))
      .result,
  ).toBe(3001);
  const cmd = { "01a21a16-a": "crm.contact.list?order%5BID%5D=ASC&filter%5B%3EID%5D=0&select%5B0%5D=ID&start=-1" };
  expect((await callSdk(server, "batch", { halt: 0, cmd })).result).toMatchObject({
    result: { "01a21a16-a": [{ ID: "3001" }] },
  });
  expect((await callSdk(server, "crm.deal.get", { id: 1 })).error_description).toBe("Not found");
});
