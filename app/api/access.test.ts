import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { createApiToken } from "~server/auth/api-tokens";
import type { TokenScope } from "~server/auth/token-scopes";
import { makeAdmin, makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";
import { appRouter } from "~server/trpc/router";

const eventToken = "a-token-of-the-portal";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp({ BITRIX24_EVENT_TOKEN: eventToken });
  cast = await makeCast(app.services);
});

afterAll(() => app.stop());

type Role = keyof Awaited<ReturnType<typeof makeCast>>["headers"];
const roles: Role[] = ["guest", "self", "other", "admin", "token", "revoked", "foreign"];

/** Expected statuses in the order of `roles`. */
const everybody = [200, 200, 200, 200, 200, 200, 200];
const adminsWrite = [401, 403, 403, 200, 200, 401, 403];
const adminsCreate = [401, 403, 403, 201, 201, 401, 403];
/** Reading from another site's page is harmless: the browser does not let that page see the answer. */
const adminsRead = [401, 403, 403, 200, 200, 401, 200];
const selfRead = [401, 200, 403, 200, 200, 401, 200];
/** The portal's own secret stands in the body, and nothing else counts. */
const portalWrite = [200, 200, 200, 200, 200, 200, 403];
/** A token makes and revokes no tokens. */
const peopleWrite = [401, 403, 403, 200, 403, 401, 403];

interface Row {
  name: string;
  statuses: number[];
  path: () => string;
  /** Makes the body, JSON or a form; a row without one is a GET. */
  body?: () => Promise<unknown>;
}

const get = (name: string, statuses: number[], path = () => name): Row => ({ name, statuses, path });
const post = (name: string, statuses: number[], body: () => Promise<unknown>): Row => ({
  name,
  statuses,
  path: () => name,
  body,
});
const query = (name: string, statuses: number[], input: () => unknown): Row =>
  get(name, statuses, () => `/api/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input()))}`);
const mutation = (name: string, statuses: number[], body: () => Promise<unknown>): Row => ({
  ...post(name, statuses, body),
  path: () => `/api/trpc/${name}`,
});

const db = () => app.services.db;
const synced = async () => (await makeUser(db(), { crmState: "SYNCED", bitrix24ContactId: 5, bitrix24DealId: 9 })).id;
const payment = async () => ({ userId: cast.selfId, isPaid: true });
const change = async () => {
  const { id: userId } = await makeUser(db());
  return db().paymentChange.create({ data: { userId, isPaid: true, actorKind: "SYSTEM", origin: "page" } });
};
const dealEvent = { event: "ONCRMDEALUPDATE", "data[FIELDS][ID]": "9", "auth[application_token]": eventToken };
/** A token that the cast does not need. */
const spare = () => db().apiToken.create({ data: { userId: cast.admin.id, name: "Spare", hash: crypto.randomUUID() } });

const newPerson = () => ({
  firstName: "Анна",
  phone: "+79001234567",
  email: `${crypto.randomUUID()}@example.com`,
  consent: true,
});

const matrix: Row[] = [
  get("/api/openapi.json", everybody),
  get("/api/types.d.ts", everybody),
  get("/api/users", adminsRead),
  get("/api/users/search", adminsRead, () => "/api/users/search?q=anna"),
  query("listUsers", adminsRead, () => ({})),
  query("searchUsers", adminsRead, () => ({ q: "anna" })),
  get("/api/users/:id", selfRead, () => `/api/users/${cast.selfId}`),
  post("/api/bitrix24/create-deal", adminsWrite, async () => ({ userId: await synced() })),
  post("/api/users/update-payment", adminsWrite, payment),
  post("/api/bitrix24/events", portalWrite, async () => new URLSearchParams(dealEvent)),
  query("getUser", selfRead, () => ({ id: cast.selfId })),
  post("/api/registrations", adminsCreate, async () => newPerson()),
  mutation("createRegistration", adminsWrite, async () => newPerson()),
  mutation("createDeal", adminsWrite, async () => ({ userId: await synced() })),
  mutation("updatePayment", adminsWrite, payment),
  query("payments.history", adminsRead, () => ({ userId: cast.selfId })),
  mutation("payments.undo", adminsWrite, async () => ({ changeId: (await change()).id })),
  mutation("payments.setMany", adminsWrite, async () => ({ userIds: [cast.selfId], isPaid: true })),
  mutation("crm.resend", adminsWrite, async () => ({ userIds: "allFailed" })),
  query("tokens.list", adminsRead, () => undefined),
  mutation("tokens.create", peopleWrite, async () => ({ name: "Made" })),
  mutation("tokens.revoke", peopleWrite, async () => ({ id: (await spare()).id })),
  query("audit.list", adminsRead, () => ({})),
];

for (const { name, statuses, path, body } of matrix) {
  test(`${name}: ${roles.map((role, i) => `${role} ${statuses[i]}`).join(", ")}`, async () => {
    const answers = [];
    for (const role of roles) {
      const { headers = {}, ...init } = body ? sent(await body()) : {};
      const answer = await app.fetch(path(), { ...init, headers: { ...cast.headers[role], ...headers } });
      answers.push(answer.status);
    }
    expect(answers).toEqual(statuses);
  });
}

/** A post of a form or of JSON, as programs send it. */
function sent(body: unknown) {
  if (body instanceof URLSearchParams) return { method: "POST", body };
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  return { method: "POST", body: JSON.stringify(body), headers };
}

test("every procedure is in the matrix", () => {
  const names = matrix.map((row) => row.name);
  for (const procedure of Object.keys(appRouter._def.procedures)) expect(names).toContain(procedure);
});

const scoped: [scope: TokenScope, allowed: string[]][] = [
  [
    "read",
    [
      "/api/users",
      "/api/users/search",
      "listUsers",
      "searchUsers",
      "/api/users/:id",
      "getUser",
      "payments.history",
      "tokens.list",
      "audit.list",
    ],
  ],
  ["payments", ["/api/users/update-payment", "updatePayment", "payments.undo", "payments.setMany"]],
  ["register", ["/api/registrations", "createRegistration"]],
  ["registrations", ["/api/bitrix24/create-deal", "createDeal", "crm.resend"]],
];

for (const [scope, allowed] of scoped) {
  test(`a token for ${scope} opens this and nothing else: ${allowed.join(", ")}`, async () => {
    const { token } = await createApiToken(app.services, { actor: cast.admin, name: scope, scopes: [scope] });
    const own = matrix.filter(({ statuses }) => statuses !== everybody && statuses !== portalWrite);
    const answers = await Promise.all(
      own.map(async ({ name, path, body }) => {
        const { headers = {}, ...init } = body ? sent(await body()) : {};
        const authorization = `Bearer ${token}`;
        const { status } = await app.fetch(path(), { ...init, headers: { ...headers, authorization } });
        return [name, status];
      }),
    );
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(
        own.map(({ name, statuses }) => [name, allowed.includes(name) ? Math.max(200, statuses[4] ?? 0) : 403]),
      ),
    );
  });
}

test("a token without the permission is told which one it lacks", async () => {
  const { token } = await createApiToken(app.services, { actor: cast.admin, name: "Reader", scopes: ["read"] });
  const answer = await app.fetch("/api/users/update-payment", {
    method: "POST",
    body: JSON.stringify(await payment()),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "accept-language": "en" },
  });
  expect(await answer.json()).toMatchObject({
    error: {
      code: "FORBIDDEN",
      issues: [
        { code: "scope", params: { scope: "payments" }, message: "This token has no permission for: payments." },
      ],
    },
  });
});

test("a token's answer does not depend on a cookie beside it", async () => {
  const { admin, revoked } = cast.headers;
  const answer = await app.fetch(`/api/users/${cast.selfId}`, { headers: { ...admin, ...revoked } });
  expect(answer.status).toBe(401);
});

test("a token loses its rights together with its owner", async () => {
  const owner = await makeAdmin(db());
  const { token } = await createApiToken(app.services, { actor: owner, name: "Former administrator's" });
  const cookie = await sessionCookieOf(app.services, owner.id);
  const ask = async () => {
    const both = [{ cookie }, { authorization: `Bearer ${token}` }];
    const answers = await Promise.all(both.map((headers) => app.fetch(`/api/users/${cast.selfId}`, { headers })));
    return answers.map(({ status }) => status);
  };
  expect(await ask()).toEqual([200, 200]);
  await db().user.update({ where: { id: owner.id }, data: { role: "USER" } });
  expect(await ask()).toEqual([403, 401]);
});
