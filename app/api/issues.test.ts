import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
});
afterAll(() => app.stop());

const person = { firstName: "Anna", email: "anna@example.com", phone: "+442071838750", consent: true };
const register = (change: object): RequestInit => ({
  method: "POST",
  body: JSON.stringify({ ...person, ...change }),
  headers: { "idempotency-key": "one", "content-type": "application/json" },
});

const faults: [what: string, path: string, init: RequestInit, issue: object][] = [
  [
    "a consent that is not given",
    "/api/registrations",
    register({ consent: false }),
    { path: ["consent"], code: "invalid_value", params: { values: [true, "on"] } },
  ],
  [
    "a language that there is none of",
    "/api/registrations",
    register({ locale: "de" }),
    {
      path: ["locale"],
      code: "invalid_value",
      params: { values: ["ru", "en"] },
      message: "Must be one of these: ru, en.",
    },
  ],
  [
    "an answer that is an object",
    "/api/registrations",
    register({ answers: { size: { of: "shirt" } } }),
    { path: ["answers", "size"], code: "invalid_union", params: {}, message: "Not valid." },
  ],
  [
    "a day that does not exist",
    "/api/users?from=2026-02-31",
    {},
    { path: ["from"], code: "invalid_format", message: "Expected a day, such as 2026-11-26." },
  ],
  [
    "a text that is too long",
    `/api/users/search?q=${"a".repeat(101)}`,
    {},
    { path: ["q"], code: "too_big", message: "Length must be at most 100." },
  ],
  ["a number that is too large", "/api/users?limit=201", {}, { path: ["limit"], message: "Must be at most 200." }],
];

for (const [what, path, init, issue] of faults)
  test(`a program is told in its reader's words what may stand there: ${what}`, async () => {
    const ask = async (language: string) => {
      const headers = { ...cast.headers.token, ...init.headers, "accept-language": language };
      const answer = await app.fetch(path, { ...init, headers });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask("en")).toMatchObject({ status: 400, body: { error: { code: "INVALID", issues: [issue] } } });
    // No sentence of the library that checks, which knows English alone.
    const russian = JSON.stringify((await ask("ru")).body);
    expect(russian).toMatch(/Ожидается|Длина|Не больше|Недопустимое/);
    expect(russian).not.toMatch(/expected|Invalid input|Must/i);
  });

test("an address that takes forms does not ask for JSON", async () => {
  const send = async (path: string, language: string) => {
    const headers = { ...cast.headers.token, "content-type": "text/plain", "accept-language": language };
    const answer = await app.fetch(path, { method: "POST", body: "x", headers });
    return { status: answer.status, message: (await answer.json()).error.message };
  };
  expect(await send("/api/bitrix24/events", "en")).toEqual({
    status: 415,
    message: "Send the body as a form: application/x-www-form-urlencoded.",
  });
  expect((await send("/api/bitrix24/events", "ru")).message).toMatch(/как форму/);
  expect((await send("/api/users/update-payment", "en")).message).toMatch(/application\/json/);
});

/** {"firstName":"Анна"} */
const windows1251 = Buffer.from('{"firstName":"\xc0\xed\xed\xe0"}', "latin1");

const unreadable: [what: string, path: string, init: RequestInit][] = [
  ["a body", "/api/trpc/updatePayment", { method: "POST", body: "{" }],
  ["bytes of another encoding", "/api/trpc/createRegistration", { method: "POST", body: windows1251 }],
  ["bytes in a batch", "/api/trpc/createRegistration?batch=1", { method: "POST", body: windows1251 }],
  ["a query", "/api/trpc/getUser?input=%7B", {}],
  ["a batch", "/api/trpc/getUser,getUser?batch=1&input=%7B", {}],
];

for (const [what, path, init] of unreadable)
  test(`over tRPC, too, a program is told that its text is no JSON: ${what}`, async () => {
    const answer = await app.fetch(path, {
      ...init,
      headers: { ...cast.headers.token, "content-type": "application/json" },
    });
    const [refused] = [await answer.json()].flat();
    expect([answer.status, refused.error.data]).toMatchObject([
      400,
      { appCode: "INVALID", details: { issues: [{ path: [], code: "not_json", params: {} }] } },
    ]);
  });

test("a call of another type than JSON is refused in JSON that nobody keeps", async () => {
  const headers = { ...cast.headers.token, "content-type": "text/plain" };
  const answer = await app.fetch("/api/trpc/updatePayment", { method: "POST", body: "{}", headers });
  expect(answer.status).toBe(415);
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toMatchObject({ error: { data: { appCode: "UNSUPPORTED_MEDIA_TYPE" } } });
});
