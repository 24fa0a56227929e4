import { join } from "node:path";
import { UNSAFE_flatRoutes as flatRoutes } from "@remix-run/dev";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { makeUser } from "~server/test/factories";
import { openApiDocument } from "./openapi.server";

type Json = { [key: string]: Json };

const eventToken = "a-token-of-the-portal";
const serverUrl = "https://site.example";
const document = JSON.parse(JSON.stringify(openApiDocument(serverUrl))) as Json;

const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation, name: `${method} ${path}` })),
);

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp({ BITRIX24_EVENT_TOKEN: eventToken });
  cast = await makeCast(app.services);
});

afterAll(() => app.stop());

/** The part of the document that a reference names; throws where it names none. */
function resolve(pointer: string): Json {
  return pointer
    .replace("#/", "")
    .split("/")
    .reduce((part, key) => {
      const next = part[key];
      if (!next) throw new Error(`${pointer} leads nowhere`);
      return next;
    }, document);
}

/** With every reference replaced by what it names. */
const inline = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(inline);
  if (typeof part !== "object" || part === null) return part;
  const { $ref } = part as { $ref?: unknown };
  if (typeof $ref === "string") return inline(resolve($ref));
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, inline(value)]));
};

/** The one type of content: JSON, or the form of the portal's events. */
const contentOf = (content: Json | undefined) => Object.values(content ?? {})[0];

const schemaOf = (content: Json | undefined) =>
  z.fromJSONSchema(inline(contentOf(content)?.schema) as Parameters<typeof z.fromJSONSchema>[0]);

/** The documented answer of an operation for a status. */
function documented(name: string, status: number): Json {
  const { operation } = operations.find((one) => one.name === name) ?? {};
  const answer = operation?.responses?.[status];
  if (!answer) throw new Error(`${name} documents no ${status}`);
  return inline(answer) as Json;
}

test("a validator of OpenAPI 3.1 accepts the document", async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("the document names its version, its parts and nothing that is not there", () => {
  expect(document.openapi).toMatch(/^3\.1\.\d$/);
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  expect(() => inline(document)).not.toThrow();
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.sort()).toEqual([
    "createDeal",
    "createRegistration",
    "getUser",
    "listUsers",
    "searchUsers",
    "takeEvent",
    "updatePayment",
  ]);
});

test("every variable of a path is a required parameter, and the other way round", () => {
  for (const { path, operation, name } of operations) {
    const variables = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const parameters = Object.values(operation.parameters ?? {});
    const inPath = parameters.filter((parameter) => (parameter.in as unknown) === "path");
    for (const parameter of parameters) expect(["path", "query", "header"], name).toContain(parameter.in);
    expect(inPath, name).toEqual(
      variables.map((variable) => expect.objectContaining({ name: variable, in: "path", required: true })),
    );
  }
});

test("every operation asks for one of the declared ways to sign in, but the portal's events, which bring a token", () => {
  const schemes = Object.keys(document.components?.securitySchemes ?? {});
  for (const { operation } of operations)
    expect(Object.values(operation.security ?? {}).flatMap((way) => Object.keys(way))).toEqual(
      (operation.operationId as unknown) === "takeEvent" ? [] : schemes,
    );
});

test("every example keeps to its schema", () => {
  for (const { operation, name } of operations) {
    const contents = [operation.requestBody, ...Object.values(operation.responses ?? {})]
      .filter((part) => part !== undefined)
      .map((part) => (inline(part) as Json).content);
    for (const content of contents) {
      const { example, examples } = contentOf(content) ?? {};
      const values = examples ? Object.values(examples).map(({ value }) => value) : [example];
      for (const value of values) expect(schemaOf(content).safeParse(value), name).toMatchObject({ success: true });
    }
    expect(JSON.stringify(operation["x-codeSamples"]), name).toMatch(/curl .*https:\/\/site\.example\/api\//);
  }
});

test("every documented path has a route", () => {
  const routes = Object.values(flatRoutes(join(import.meta.dirname, ".."), ["**/*.test.*"], "routes")).map(
    (route) => route.path,
  );
  for (const { path } of operations) expect(routes).toContain(path.slice(1).replace(/\{(\w+)\}/g, ":$1"));
});

test("the document is served to everybody as it is", async () => {
  const answer = await app.fetch("/api/openapi.json");
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual(document);
});

const userId = async (overrides = {}) => (await makeUser(app.services.db, overrides)).id;
const synced = { crmState: "SYNCED", bitrix24ContactId: 5, bitrix24DealId: 9, lastName: "Петрова" } as const;
const stale = { isPaid: true, changeId: 1 };

const person = (email: string) => ({ firstName: "Анна", phone: "+79001234567", consent: true, email });

const formType = "application/x-www-form-urlencoded";
const event = (token: string, id = "7") =>
  `event=ONCRMDEALUPDATE&data[FIELDS][ID]=${id}&auth[application_token]=${token}`;

type Who = "guest" | "self" | "token";
const answers: [name: string, status: number, who: Who, body: () => Promise<unknown>, type?: string][] = [
  ["post /api/bitrix24/create-deal", 200, "token", async () => ({ userId: await userId(synced) })],
  ["post /api/bitrix24/create-deal", 400, "token", async () => ({ userId: "7" })],
  ["post /api/bitrix24/create-deal", 401, "guest", async () => ({ userId: 7 })],
  ["post /api/bitrix24/create-deal", 403, "self", async () => ({ userId: 7 })],
  ["post /api/bitrix24/create-deal", 404, "token", async () => ({ userId: 2_000_000 })],
  [
    "post /api/bitrix24/create-deal",
    409,
    "token",
    async () => ({ userId: await userId({ crmState: "SYNCED", passwordHash: "x" }) }),
  ],
  ["post /api/users/update-payment", 200, "token", async () => ({ userId: await userId(), isPaid: true })],
  ["post /api/users/update-payment", 400, "token", async () => ({ userId: 7, isPaid: 1, force: true })],
  [
    "post /api/users/update-payment",
    409,
    "token",
    async () => ({ userId: await userId(), isPaid: true, expected: stale }),
  ],
  ["post /api/users/update-payment", 413, "token", async () => " ".repeat(70_000)],
  ["post /api/users/update-payment", 415, "token", async () => ({}), "text/plain"],
  ["post /api/registrations", 201, "token", async () => person("documented@example.com")],
  ["post /api/registrations", 400, "token", async () => ({ ...person("documented"), phone: "1" })],
  ["post /api/registrations", 401, "guest", async () => person("guest@example.com")],
  ["post /api/registrations", 403, "self", async () => person("self@example.com")],
  ["post /api/registrations", 409, "token", async () => person((await makeUser(app.services.db)).email)],
  ["post /api/registrations", 413, "token", async () => " ".repeat(70_000)],
  ["post /api/registrations", 415, "token", async () => ({}), "text/plain"],
  ["post /api/bitrix24/events", 200, "guest", async () => event(eventToken), formType],
  ["post /api/bitrix24/events", 400, "guest", async () => event(eventToken, "none"), formType],
  ["post /api/bitrix24/events", 403, "guest", async () => event("guessed"), formType],
  ["post /api/bitrix24/events", 413, "guest", async () => event("x".repeat(70_000)), formType],
  ["post /api/bitrix24/events", 415, "guest", async () => event(eventToken), "text/plain"],
  ["get /api/users", 200, "token", async () => "?limit=2"],
  ["get /api/users", 400, "token", async () => "?limit=many"],
  ["get /api/users", 401, "guest", async () => ""],
  ["get /api/users", 403, "self", async () => ""],
  ["get /api/users/search", 200, "token", async () => "?q=example"],
  ["get /api/users/search", 400, "token", async () => ""],
  ["get /api/users/search", 401, "guest", async () => "?q=example"],
  ["get /api/users/search", 403, "self", async () => "?q=example"],
  ["get /api/users/{id}", 200, "token", () => userId()],
  ["get /api/users/{id}", 200, "token", () => userId({ ...synced, isPaid: true, paidAt: new Date() })],
  ["get /api/users/{id}", 400, "token", async () => "x"],
  ["get /api/users/{id}", 401, "guest", async () => 7],
  ["get /api/users/{id}", 403, "self", async () => 2_000_000],
  ["get /api/users/{id}", 404, "token", async () => 2_000_000],
];

/** A conflict is told apart by its issue. */
const reasonOf = ({ code, issues }: { code: string; issues?: { code: string }[] }) =>
  code === "CONFLICT" ? `${code} ${issues?.[0]?.code}` : code;

const reasonsOf = ({ example, examples = {} }: Json = {}) =>
  [example, ...Object.values(examples).map(({ value }) => value)].flatMap((body) =>
    body?.error ? [reasonOf(body.error as never)] : [],
  );

for (const [name, status, who, input, type = "application/json"] of answers) {
  test(`${name} answers ${status} as documented`, async () => {
    const [method = "", path = ""] = name.split(" ");
    const value = await input();
    const address = path.includes("{id}") ? path.replace("{id}", String(value)) : path;
    const answer = await app.fetch(
      address + (typeof value === "string" && method === "get" && address === path ? value : ""),
      {
        method,
        headers: {
          "idempotency-key": crypto.randomUUID(),
          ...cast.headers[who],
          ...(method === "post" ? { "content-type": type } : {}),
        },
        ...(method === "post" ? { body: typeof value === "string" ? value : JSON.stringify(value) } : {}),
      },
    );
    expect(answer.status).toBe(status);
    const { content } = documented(name, status);
    const told = (await answer.json()) as { error?: { code: string; issues?: { code: string }[] } };
    expect(schemaOf(content).safeParse(told)).toMatchObject({ success: true });
    if (told.error) expect(reasonsOf(contentOf(content))).toContain(reasonOf(told.error));
  });
}

test("the schemas refuse what is not documented", () => {
  const schema = schemaOf(documented("get /api/users/{id}", 200).content);
  const example = documented("get /api/users/{id}", 200).content?.["application/json"]?.example;
  expect(schema.safeParse(example).success).toBe(true);
  expect(schema.safeParse({ ...example, passwordHash: "x" }).success).toBe(false);
  expect(schema.safeParse({ ...example, crmState: "SYNCED" }).success).toBe(false);
});

test("the session cookie has the name that a browser gets from this site", async () => {
  const nameAt = (url: string) => openApiDocument(url).components?.securitySchemes?.session;
  expect(cast.headers.self.cookie).toMatch(/^__Host-session=/);
  expect(nameAt(serverUrl)).toMatchObject({ name: "__Host-session" });
  expect(nameAt("http://localhost:3000")).toMatchObject({ name: "session" });
});
