import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { createApiToken } from "../auth/api-tokens";
import { tokenScopes } from "../auth/token-scopes";
import { openForms } from "../forms/forms";
import { createLog } from "../platform/log";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { appErrorOf } from "./errors";
import type { TrpcContext } from "./init";
import { createCaller } from "./router";

let database: TestQueue;
let services: TrpcContext["services"];
const lines: string[] = [];
const actors: Record<"guest" | "self" | "other" | "admin" | "token", Actor | null> = {
  guest: null,
  self: null,
  other: null,
  admin: null,
  token: null,
};

beforeAll(async () => {
  database = await createTestQueue();
  const { queue } = database;
  services = {
    db: database.db,
    pool: database.pool,
    env: database.env,
    queue,
    mail: { send: async () => true },
    log: createLog("info", { write: (line) => void lines.push(line) }),
    forms: await openForms({ db: database.db, log: createLog("silent") }, { follow: false }),
  };
  const admin = await makeAdmin(database.db);
  const { id } = await createApiToken(services, { actor: admin, name: "Test" });
  actors.admin = admin;
  actors.token = { kind: "TOKEN", id, userId: admin.id, role: "ADMIN", scopes: [...tokenScopes] };
  for (const role of ["self", "other"] as const)
    actors[role] = { kind: "USER", id: (await makeUser(database.db)).id, role: "USER" };
});

afterAll(async () => {
  await database.drop();
});

const as = (actor: Actor | null, signal?: AbortSignal) =>
  createCaller(
    { services, actor, requestId: "test", origin: "trpc", idempotencyKey: crypto.randomUUID() },
    signal ? { signal } : {},
  );

/** "OK", or the code of the refusal. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "OK";
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    return appErrorOf(error).code;
  }
}

type Caller = ReturnType<typeof createCaller>;

const synced = { crmState: "SYNCED", bitrix24ContactId: 5, bitrix24DealId: 9 } as const;
const self = () => actors.self?.id ?? 0;

/** Every procedure with input that is valid, so that a refusal is one of access. */
const procedures: [name: string, allowed: (keyof typeof actors)[], call: (caller: Caller) => Promise<unknown>][] = [
  [
    "createDeal",
    ["admin", "token"],
    async (caller) => caller.createDeal({ userId: (await makeUser(database.db, synced)).id }),
  ],
  ["updatePayment", ["admin", "token"], (caller) => caller.updatePayment({ userId: self(), isPaid: true })],
  [
    "createRegistration",
    ["admin", "token"],
    (caller) =>
      caller.createRegistration({
        firstName: "Анна",
        phone: "+79001234567",
        email: `${crypto.randomUUID()}@example.com`,
        consent: true,
      }),
  ],
  ["getUser", ["self", "admin", "token"], (caller) => caller.getUser({ id: self() })],
  ["listUsers", ["admin", "token"], (caller) => caller.listUsers({})],
  ["searchUsers", ["admin", "token"], (caller) => caller.searchUsers({ q: "anna" })],
  ["payments.history", ["admin", "token"], (caller) => caller.payments.history({ userId: self() })],
  [
    "payments.undo",
    ["admin", "token"],
    async (caller) => {
      const { id: userId } = await makeUser(database.db);
      const change = await database.db.paymentChange.create({
        data: { userId, isPaid: true, actorKind: "SYSTEM", origin: "page" },
      });
      return caller.payments.undo({ changeId: change.id });
    },
  ],
  ["payments.setMany", ["admin", "token"], (caller) => caller.payments.setMany({ userIds: [self()], isPaid: true })],
  ["crm.resend", ["admin", "token"], (caller) => caller.crm.resend({ userIds: "allFailed" })],
  ["tokens.list", ["admin", "token"], (caller) => caller.tokens.list()],
  ["tokens.create", ["admin"], (caller) => caller.tokens.create({ name: "Made" })],
  [
    "tokens.revoke",
    ["admin"],
    async (caller) => caller.tokens.revoke({ id: (await database.db.apiToken.findFirstOrThrow()).id }),
  ],
  ["audit.list", ["admin", "token"], (caller) => caller.audit.list({})],
];

test("the portal's ids are told to administrators and tokens, and not to the person", async () => {
  await database.db.user.update({ where: { id: self() }, data: synced });
  const { crmState: _, ...ids } = synced;
  for (const role of ["admin", "token"] as const)
    expect(await as(actors[role]).getUser({ id: self() })).toMatchObject(ids);
  expect(await as(actors.self).getUser({ id: self() })).toMatchObject({
    crmState: "synced",
    bitrix24ContactId: null,
    bitrix24DealId: null,
  });
});

test("answers to hidden questions are told to administrators and tokens, and not to the person", async () => {
  const asked = (key: string, kind: string) => ({
    key,
    kind,
    label: { en: key },
    parameter: kind === "hidden" ? key : "",
  });
  const definition = {
    items: [{ question: asked("promo", "hidden") }, { question: asked("city", "text") }],
    removed: [asked("partner", "hidden"), asked("size", "text")],
  };
  await database.db.form.update({ where: { id: 1 }, data: { definition } });
  await services.forms.reload();
  const own = { city: "Уфа", size: "L", of_no_form: "1" };
  const answers = { promo: "VIP-PROSPECT", partner: "77", ...own };
  await database.db.user.update({ where: { id: self() }, data: { answers } });
  for (const role of ["admin", "token"] as const)
    expect((await as(actors[role]).getUser({ id: self() })).answers).toEqual(answers);
  expect((await as(actors.self).getUser({ id: self() })).answers).toEqual(own);
});

for (const [name, allowed, call] of procedures) {
  test(`${name} is for ${allowed.join(", ")} only`, async () => {
    for (const [role, actor] of Object.entries(actors)) {
      const expected = !actor ? "UNAUTHORIZED" : allowed.includes(role as keyof typeof actors) ? "OK" : "FORBIDDEN";
      expect(await outcome(call(as(actor))), role).toBe(expected);
    }
  });
}

test("every procedure is in the table of access", async () => {
  const { appRouter } = await import("./router");
  expect(procedures.map(([name]) => name).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
});

test("a user learns nothing of others, not even whether they exist", async () => {
  const caller = as(actors.other);
  expect(await outcome(caller.getUser({ id: self() }))).toBe("FORBIDDEN");
  expect(await outcome(caller.getUser({ id: 2_000_000 }))).toBe("FORBIDDEN");
});

test("a guest's input is not looked at", async () => {
  expect(await outcome(as(null).updatePayment({ userId: "x" } as never))).toBe("UNAUTHORIZED");
});

test("input that breaks the schema is INVALID with its issues", async () => {
  const error = await as(actors.admin)
    .updatePayment({ userId: 1.5, isPaid: "yes", extra: 1 } as never)
    .catch((thrown) => appErrorOf(thrown));
  expect(error).toMatchObject({
    code: "INVALID",
    details: {
      issues: [
        { path: ["userId"], code: "invalid_type" },
        { path: ["isPaid"], code: "invalid_type", params: { expected: "boolean" } },
        { path: [], code: "unrecognized_keys", params: { keys: ["extra"] } },
      ],
    },
  });
});

test("an abort ends the wait for a deal", async () => {
  const { id: userId } = await makeUser(database.db);
  const result = await as(actors.admin, AbortSignal.timeout(100)).createDeal({ userId });
  expect(result).toEqual({ userId, crmState: "pending" });
});

const broken = (error: unknown): TrpcContext["services"] => ({
  ...services,
  db: { user: { findUnique: () => Promise.reject(error) } } as unknown as TrpcContext["services"]["db"],
});

test("what nobody expected leaves as INTERNAL without a word of it, and is logged once", async () => {
  lines.length = 0;
  const caller = createCaller({
    services: broken(new Error("password of row 7")),
    actor: actors.admin,
    requestId: "request-7",
    origin: "trpc",
  });

  const error = await caller.getUser({ id: 7 }).catch((thrown) => thrown);

  expect(error).toMatchObject({ code: "INTERNAL_SERVER_ERROR", message: "INTERNAL" });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 50, procedure: "getUser", requestId: "request-7", err: { message: "password of row 7" } },
  ]);
});

test("an answer that breaks its schema is our fault, not the caller's", async () => {
  const user = { id: 7, crmState: "SYNCED", createdAt: new Date(), firstName: null };
  const db = { user: { findUnique: () => Promise.resolve(user) } } as unknown as TrpcContext["services"]["db"];
  const caller = createCaller({
    services: { ...services, db },
    actor: actors.admin,
    requestId: "test",
    origin: "trpc",
  });
  expect(await outcome(caller.getUser({ id: 7 }))).toBe("INTERNAL");
});

test("a database without a free connection is BUSY", async () => {
  const caller = createCaller({
    services: broken(Object.assign(new Error("timeout"), { code: "P2028" })),
    actor: actors.admin,
    requestId: "test",
    origin: "trpc",
  });
  expect(await outcome(caller.getUser({ id: 7 }))).toBe("BUSY");
});

test("a search that takes too long is BUSY, says so, and is logged as a warning", async () => {
  const holder = await database.pool.connect();
  try {
    await holder.query(`begin; lock table "User" in access exclusive mode`);
    lines.length = 0;
    const error = appErrorOf(
      await as(actors.token)
        .searchUsers({ q: "anna" })
        .catch((thrown) => thrown),
    );
    expect(error).toMatchObject({ code: "BUSY", details: { issues: [{ path: [], code: "slow_search", params: {} }] } });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, procedure: "searchUsers" }]);
  } finally {
    holder.release(true);
  }
});

test("a name of a token with invisible control characters is refused, as on the page", async () => {
  expect(await outcome(as(actors.admin).tokens.create({ name: "Made\u0000" }))).toBe("INVALID");
});
