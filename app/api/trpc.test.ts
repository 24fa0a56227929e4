import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiApp, makeCast, startApiApp, streamed } from "~/test/api-app";
import type { AppRouter } from "~server/trpc/router";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
});

afterAll(() => app.stop());

const options = () => ({
  url: "/api/trpc",
  headers: cast.headers.token,
  fetch: (url: URL | RequestInfo, init?: unknown) => app.fetch(String(url), init as RequestInit),
});

test("the client calls the procedures with a token, alone and in a batch", async () => {
  const isolated = createTRPCClient<AppRouter>({ links: [httpLink(options())] });
  const batched = createTRPCClient<AppRouter>({ links: [httpBatchLink(options())] });

  const user = await isolated.updatePayment.mutate({ userId: cast.selfId, isPaid: true });
  const [same, history] = await Promise.all([
    batched.getUser.query({ id: cast.selfId }),
    batched.payments.history.query({ userId: cast.selfId }),
  ]);

  expect(same).toEqual(user);
  expect(history).toMatchObject([{ isPaid: true, origin: "trpc", actor: { kind: "TOKEN" } }]);
});

test("a refused call carries our code and its details, and no trace of the code behind it", async () => {
  const client = createTRPCClient<AppRouter>({ links: [httpLink(options())] });
  const input = { userId: cast.selfId, isPaid: true, expected: { isPaid: false, changeId: 2_000_000 } };
  await client.updatePayment.mutate({ userId: cast.selfId, isPaid: true });

  const error = await client.updatePayment.mutate(input).catch((thrown) => thrown);

  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error.message).toBe("CONFLICT");
  expect(error.data).toEqual({
    code: "CONFLICT",
    httpStatus: 409,
    path: "updatePayment",
    appCode: "CONFLICT",
    details: { isPaid: expect.any(Boolean), changedAt: expect.any(String), changedBy: expect.anything() },
  });
});

const strangeCalls: [name: string, path: string, init: RequestInit, status: number, appCode: string][] = [
  ["an unknown procedure", "/api/trpc/nowhere", {}, 404, "NOT_FOUND"],
  ["a query that is no JSON", "/api/trpc/getUser?input={", {}, 400, "INVALID"],
  ["a mutation by GET", "/api/trpc/updatePayment", {}, 405, "METHOD_NOT_ALLOWED"],
  ["a body that is no JSON", "/api/trpc/updatePayment", { method: "POST", body: "{" }, 400, "INVALID"],
  ["a method of its own", "/api/trpc/updatePayment", { method: "DELETE" }, 405, "METHOD_NOT_ALLOWED"],
];

for (const [name, path, init, status, appCode] of strangeCalls) {
  test(`${name} gets ${status}`, async () => {
    const headers = { ...cast.headers.token, "content-type": "application/json" };
    const answer = await app.fetch(path, { ...init, headers });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text).error).toMatchObject({ message: appCode, data: { appCode } });
    expect(text).not.toMatch(/stack|node_modules/);
  });
}

/**
 * A call with the defaults of tRPC's client and a token of its own, so that calls of other tests do not count for it.
 */
async function newProgram() {
  const headers = await cast.newToken();
  return createTRPCClient<AppRouter>({ links: [httpBatchLink({ ...options(), headers })] });
}

for (const calls of [11, 25, 250, 600]) {
  test(`the default client may make ${calls} calls at once`, async () => {
    const program = await newProgram();
    const users = await Promise.all(Array.from({ length: calls }, () => program.getUser.query({ id: cast.selfId })));
    expect(new Set(users.map(({ id }) => id))).toEqual(new Set([cast.selfId]));
    expect(users).toHaveLength(calls);
  });
}

test("changes may be as many at once, within the size of a body", async () => {
  const program = await newProgram();
  const changes = Array.from({ length: 100 }, () =>
    program.updatePayment.mutate({ userId: cast.selfId, isPaid: true }),
  );
  expect(await Promise.all(changes)).toHaveLength(100);
});

test("each call of a batch counts, and who has made too many is told so in words by the client", async () => {
  const program = await newProgram();
  const ask = (calls: number) =>
    Promise.all(Array.from({ length: calls }, () => program.getUser.query({ id: cast.selfId })));
  await ask(400);
  const error = await ask(201).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error.data).toMatchObject({ httpStatus: 429, appCode: "TOO_MANY" });
  expect(error.data.details.issues[0]).toMatchObject({
    message: expect.stringMatching(/600/),
    params: { maximum: 600, calls: 201, retryAfter: expect.any(Number) },
  });
});

test("a batch beyond a minute's calls says its limit", async () => {
  const program = await newProgram();
  const error = await Promise.all(Array.from({ length: 601 }, () => program.getUser.query({ id: cast.selfId }))).catch(
    (thrown) => thrown,
  );
  expect(error.data).toMatchObject({
    httpStatus: 400,
    appCode: "INVALID",
    details: { issues: [{ code: "too_many_calls", params: { calls: 601, maximum: 600 } }] },
  });
});

test("a program may send its queries by POST, where a proxy refuses long addresses", async () => {
  const headers = await cast.newToken();
  const link = httpBatchLink({ ...options(), headers, methodOverride: "POST" });
  const program = createTRPCClient<AppRouter>({ links: [link] });
  const users = await Promise.all([1, 2, 3].map(() => program.getUser.query({ id: cast.selfId })));
  expect(users).toHaveLength(3);
});

test("several registrations in one batch, which would share a key, are refused, and nobody is registered", async () => {
  const headers = { ...(await cast.newToken()), "idempotency-key": "one-for-both" };
  const program = createTRPCClient<AppRouter>({ links: [httpBatchLink({ ...options(), headers })] });
  const person = (email: string) => ({ firstName: "Anna", phone: "+442071838750", consent: true as const, email });
  const emails = ["batch-1@example.com", "batch-2@example.com"];
  const outcomes = await Promise.allSettled(emails.map((email) => program.createRegistration.mutate(person(email))));
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({
      reason: {
        data: {
          appCode: "INVALID",
          details: { issues: [{ path: ["Idempotency-Key"], code: "one_key_for_several" }] },
        },
      },
    });
  expect(await app.services.db.user.count({ where: { email: { in: emails } } })).toBe(0);
  expect(await program.createRegistration.mutate(person(emails[0] ?? ""))).toMatchObject({ crmState: "pending" });
});

test("a body that streams and turns out too large is refused in the client's own form", async () => {
  const answer = await app.fetch("/api/trpc/updatePayment", {
    method: "POST",
    headers: { ...cast.headers.token, "content-type": "application/json" },
    body: streamed(`"${"a".repeat(70_000)}"`),
    duplex: "half",
  } as RequestInit);
  expect(answer.status).toBe(413);
  expect((await answer.json()).error.data).toMatchObject({
    appCode: "TOO_LARGE",
    details: { issues: [{ params: { maximum: 65_536 } }] },
  });
  expect(app.lines.join()).not.toContain("call failed");
});

test("no answer is kept by a cache", async () => {
  const answer = await app.fetch("/api/trpc/tokens.list", { headers: cast.headers.token });
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("a failure before any procedure is logged once and answered in general words", async () => {
  const failing = await startApiApp();
  onTestFinished(() => failing.stop());
  const { headers } = await makeCast(failing.services);
  await failing.services.pool.query('alter table "Session" rename to "Gone"');

  const answer = await failing.fetch("/api/trpc/tokens.list", { headers: headers.admin });

  expect(answer.status).toBe(500);
  expect((await answer.json()).error).toMatchObject({ message: "INTERNAL" });
  const records = failing.lines.map((line) => JSON.parse(line)).filter((line) => line.msg === "call failed");
  expect(records).toHaveLength(1);
});
