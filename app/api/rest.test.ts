import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { action as createDealAction } from "~/routes/api.bitrix24.create-deal";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { createAdmin } from "~server/auth/admins";
import { makeUser } from "~server/test/factories";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
});

afterAll(() => app.stop());

const jsonType = { "content-type": "application/json" };

/** Posts as the token; a string goes as it stands. */
async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await app.fetch(path, {
    method: "POST",
    headers: { ...cast.headers.token, ...jsonType, ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

async function get(path: string, headers: Record<string, string> = cast.headers.token) {
  const answer = await app.fetch(path, { headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const createDeal = "/api/bitrix24/create-deal";
const updatePayment = "/api/users/update-payment";

test("a user is given exactly as the interface says", async () => {
  const { id: formId } = await app.services.db.form.create({ data: { slug: "evenings", name: "Evening courses" } });
  const user = await makeUser(app.services.db, {
    firstName: "Анна",
    lastName: null,
    company: "ООО «Ромашка»",
    passwordHash: "secret",
    answers: { days: ["mon"], why: "to learn" },
    formId,
    attribution: { create: { first: { utm_source: "yandex" } } },
  });

  const { status, headers, body } = await get(`/api/users/${user.id}`);

  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(body).toEqual({
    id: user.id,
    firstName: "Анна",
    lastName: null,
    company: "ООО «Ромашка»",
    email: user.email,
    phone: user.phone,
    isPaid: false,
    paidAt: null,
    bitrix24ContactId: null,
    bitrix24DealId: null,
    crmState: "pending",
    utm: { first: { utm_source: "yandex" }, last: {} },
    createdAt: user.createdAt.toISOString(),
    form: "evenings",
    answers: { days: ["mon"], why: "to learn" },
  });
});

test("of the first form, as of any other way to register, nothing is named", async () => {
  const { id } = await makeUser(app.services.db);
  expect((await get(`/api/users/${id}`)).body).toMatchObject({ id, form: null });
});

test("payment is set by a token, and history says so", async () => {
  const { id } = await makeUser(app.services.db);

  const { status, body } = await post(updatePayment, { userId: id, isPaid: true });

  expect(status).toBe(200);
  expect(body).toMatchObject({ id, isPaid: true, paidAt: expect.any(String) });
  expect(await app.services.db.paymentChange.findMany({ where: { userId: id } })).toMatchObject([
    { isPaid: true, actorKind: "TOKEN", origin: "api" },
  ]);
});

test("a stale caller is told what changed and by whom", async () => {
  const { id } = await makeUser(app.services.db);
  await post(updatePayment, { userId: id, isPaid: true });

  const { status, body } = await post(updatePayment, {
    userId: id,
    isPaid: true,
    expected: { isPaid: false, changeId: null },
  });

  expect(status).toBe(409);
  expect(body.error).toMatchObject({
    code: "CONFLICT",
    issues: [{ path: [], code: "payment_changed", params: { isPaid: true, changedBy: { kind: "TOKEN" } } }],
  });
  expect(body.error.issues[0].message).toContain("TOKEN");
});

test("a deal that is there already is answered with 200", async () => {
  const synced = await makeUser(app.services.db, { crmState: "SYNCED", bitrix24ContactId: 5, bitrix24DealId: 9 });
  const there = await post(createDeal, { userId: synced.id });
  expect(there.status).toBe(200);
  expect(there.body).toEqual({ userId: synced.id, bitrix24ContactId: 5, bitrix24DealId: 9, created: false });
});

test("a deal that takes longer than the caller's patience is answered with 202", async () => {
  const { id } = await makeUser(app.services.db);
  const caller = new AbortController();
  // The route itself, since the answer to a request that its client has ended never arrives over HTTP.
  const request = new Request(`https://site.example${createDeal}`, {
    method: "POST",
    headers: { ...cast.headers.token, ...jsonType },
    body: JSON.stringify({ userId: id }),
    signal: caller.signal,
  });

  const answering = createDealAction({ request, params: {}, context: app.context });
  // It has been read and is in work: a request that ends before could not be read any more.
  await expect.poll(() => app.services.db.auditEntry.count({ where: { targetId: id } })).toBe(1);
  caller.abort();
  const answer = await answering;

  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ userId: id, crmState: "pending" });
});

test("a deal that arrives while the caller waits is answered with 200", async () => {
  const { id } = await makeUser(app.services.db);
  const answer = post(createDeal, { userId: id });
  await expect.poll(() => app.services.db.auditEntry.count({ where: { targetId: id } })).toBe(1);

  await app.services.db.user.update({
    where: { id },
    data: { crmState: "SYNCED", bitrix24ContactId: 6, bitrix24DealId: 10 },
  });

  expect(await answer).toMatchObject({
    status: 200,
    body: { userId: id, bitrix24ContactId: 6, bitrix24DealId: 10, created: true },
  });
});

const invalid: [name: string, body: unknown, path: (string | number)[]][] = [
  ["no JSON", "{", []],
  ["empty", "", []],
  ["not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), []],
  ["UTF-16", new Uint8Array(Buffer.from('{"userId":1,"isPaid":true}', "utf16le")), []],
  ["null", null, []],
  ["a list", [], []],
  ["without its fields", {}, ["userId"]],
  ["an id that is text", { userId: "7", isPaid: true }, ["userId"]],
  ["an id with a fraction", { userId: 7.5, isPaid: true }, ["userId"]],
  ["an id below one", { userId: 0, isPaid: true }, ["userId"]],
  ["an id beyond all numbers", '{"userId":1e999,"isPaid":true}', ["userId"]],
  ["a flag that is text", { userId: 7, isPaid: "true" }, ["isPaid"]],
  ["an unknown field", { userId: 7, isPaid: true, force: true }, []],
];

for (const [name, body, path] of invalid) {
  test(`a body that is ${name} gets 400 and says where`, async () => {
    const answer = await post(updatePayment, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code: "INVALID", message: expect.any(String) });
    expect(answer.body.error.issues[0]).toMatchObject({ path, message: expect.any(String) });
  });
}

for (const path of ["abc", "1.5", "-1", "0", "007", "1e3", "%00"]) {
  test(`the user ${path} gets 400`, async () => {
    expect(await get(`/api/users/${path}`)).toMatchObject({
      status: 400,
      body: { error: { code: "INVALID", issues: [{ path: ["id"] }] } },
    });
  });
}

for (const userId of [2_000_000, 2 ** 31, 99_999_999_999, Number.MAX_SAFE_INTEGER]) {
  test(`the unknown user ${userId} gets 404 everywhere`, async () => {
    for (const answer of [
      await get(`/api/users/${userId}`),
      await post(updatePayment, { userId, isPaid: true }),
      await post(createDeal, { userId }),
    ])
      expect(answer).toMatchObject({ status: 404, body: { error: { code: "NOT_FOUND" } } });
  });
}

test("an administrator whom the operator made has no registration to send, and a program is told so", async () => {
  await createAdmin(app.services, { email: "operator@example.com", password: "long enough for an administrator" });
  const { id } = await app.services.db.user.findUniqueOrThrow({ where: { email: "operator@example.com" } });
  expect(await get(`/api/users/${id}`)).toMatchObject({
    status: 200,
    body: { crmState: "synced", bitrix24ContactId: null, bitrix24DealId: null },
  });
  expect(await post(createDeal, { userId: id })).toMatchObject({
    status: 409,
    body: { error: { code: "CONFLICT", issues: [{ path: [], code: "not_registered" }] } },
  });
});

test("an address with a number of any length names a user who is not there", async () => {
  expect(await get(`/api/users/${"9".repeat(400)}`)).toMatchObject({ status: 404 });
});

const wrongMethods: [method: string, path: string, allow: string][] = [
  ["GET", createDeal, "POST"],
  ["PUT", createDeal, "POST"],
  ["DELETE", updatePayment, "POST"],
  ["OPTIONS", updatePayment, "POST"],
  ["POST", "/api/users/1", "GET, HEAD"],
  ["PATCH", "/api/users/1", "GET, HEAD"],
  ["POST", "/api/openapi.json", "GET, HEAD"],
];

for (const [method, path, allow] of wrongMethods) {
  test(`${method} ${path} gets 405 and names ${allow}`, async () => {
    const answer = await app.fetch(path, { method, headers: cast.headers.token });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow);
    expect(await answer.json()).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED" } });
  });
}

test("HEAD answers like GET, without a body", async () => {
  const answer = await app.fetch(`/api/users/${cast.selfId}`, { method: "HEAD", headers: cast.headers.token });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("");
});

test("a guest learns nothing of a body's faults, and is told how to sign in", async () => {
  const answer = await app.fetch(updatePayment, { method: "POST", headers: jsonType, body: "{" });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toBe("Bearer");
});

test("an address that does not exist gets JSON", async () => {
  for (const method of ["GET", "POST"]) {
    const answer = await app.fetch("/api/nowhere/at/all", { method });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
  }
});

test("messages are in the reader's language", async () => {
  const message = async (headers: Record<string, string>) => (await get("/api/users/1", headers)).body.error.message;
  expect(await message({ "accept-language": "ru" })).toMatch(/Войдите/);
  expect(await message({ "accept-language": "en-GB,en;q=0.9" })).toMatch(/Sign in/);
  expect(await message({ "accept-language": "ru", cookie: "lang=en" })).toMatch(/Sign in/);

  const foreign = async (headers: Record<string, string>) =>
    (await post(updatePayment, {}, { origin: "https://evil.example", ...headers })).body.error.message;
  expect(await foreign({ "accept-language": "ru" })).toMatch(/другого сайта/);
  expect(await foreign({ "accept-language": "en-GB,en;q=0.9" })).toMatch(/another site/);
  expect(await foreign({ "accept-language": "ru", cookie: "lang=en" })).toMatch(/another site/);
});

test("what nobody expected is a bare 500 outside and one full record in the log", async () => {
  const failing = await startApiApp();
  onTestFinished(() => failing.stop());
  const { headers, selfId } = await makeCast(failing.services);
  await failing.services.pool.query('alter table "PaymentChange" rename to "Gone"');

  const answer = await failing.fetch(updatePayment, {
    method: "POST",
    headers: { ...headers.token, ...jsonType },
    body: JSON.stringify({ userId: selfId, isPaid: true }),
  });

  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({ error: { code: "INTERNAL", message: expect.any(String) } });
  const records = failing.lines.map((line) => JSON.parse(line)).filter((line) => line.procedure);
  expect(records).toMatchObject([{ procedure: "updatePayment", requestId: answer.headers.get("x-request-id") }]);
  expect(JSON.stringify(records)).toContain("PaymentChange");
});
