import type { ActionFunctionArgs, AppLoadContext } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action as forgot } from "~/routes/forgot";
import { action } from "~/routes/login";
import { createAttemptLimit } from "~server/attempts/attempt-limit";
import { hashPassword } from "~server/auth/password";
import { parseEnv } from "~server/platform/env";
import { createTestDatabase, type TestDatabase } from "~server/test/database";
import { makeUser } from "~server/test/factories";

let database: TestDatabase;
let context: AppLoadContext;

beforeAll(async () => {
  database = await createTestDatabase();
  const services = { ...database, env: parseEnv({ RATE_LIMIT_LOGIN: "2" }) };
  const login = createAttemptLimit(services, { name: "login", attempts: 2 });
  context = { services, limits: { login }, clientIp: "203.0.113.5" } as unknown as AppLoadContext;
});
afterAll(() => database.drop());

/** Mails can be sent elsewhere than in production. */
const withoutMail = parseEnv({
  NODE_ENV: "production",
  APP_URL: "http://localhost:3000",
  SESSION_SECRET: "0123456789abcdefghijklmnopqrstuvwxyz",
  BITRIX24_WEBHOOK_URL: "https://portal.example/rest/1/key/",
});

const post = (fields: Record<string, string>, clientIp: string) =>
  action({
    request: new Request("http://localhost:3000/login", { method: "POST", body: new URLSearchParams(fields) }),
    params: {},
    context: { ...context, clientIp },
  } as ActionFunctionArgs) as Promise<{
    data: { email: string; problem: string; wait: number | null };
    init: { status: number; headers: Record<string, string> };
  }>;

test("who has to wait is told for how long, by the page and by Retry-After, and keeps the address", async () => {
  const { email } = await makeUser(database.db, { passwordHash: await hashPassword("right password") });
  const fields = { email, password: "wrong password" };
  expect((await post(fields, "203.0.113.5")).init.status).toBe(400);
  const guessedAt = performance.now();
  expect((await post(fields, "203.0.113.6")).init.status).toBe(400);

  const { data, init } = await post(fields, "203.0.113.7");

  expect(init.status).toBe(429);
  expect(data).toEqual({ email, problem: "too_many", wait: expect.any(Number) });
  // What is left of the fifteen seconds: on a busy machine the guess itself takes more than one.
  expect(data.wait).toBeLessThanOrEqual(15);
  expect(data.wait).toBeGreaterThanOrEqual(15 - Math.ceil((performance.now() - guessedAt) / 1_000));
  expect(init.headers).toEqual({ "Retry-After": String(data.wait) });
});

test("an address that tries one account after another is held up, too", async () => {
  const wrong = { password: "wrong password" };
  for (const email of ["a@example.com", "b@example.com"])
    expect((await post({ ...wrong, email }, "203.0.113.8")).init.status).toBe(400);
  expect((await post({ ...wrong, email: "c@example.com" }, "203.0.113.8")).init.status).toBe(429);
});

test("who has to wait for a link to a new password, or gets none, keeps the address that was typed", async () => {
  const ask = (clientIp: string) =>
    forgot({
      request: new Request("http://localhost:3000/forgot", {
        method: "POST",
        body: new URLSearchParams({ email: "anna@examplle.com" }),
      }),
      params: {},
      context: { ...context, clientIp, services: { ...context.services, env: withoutMail } },
    } as ActionFunctionArgs) as Promise<{ data: { email: string }; init: { status: number } }>;
  const answers = [await ask("203.0.113.9"), await ask("203.0.113.9"), await ask("203.0.113.9")];
  expect(answers.map(({ init }) => init.status)).toEqual([503, 503, 429]);
  expect(answers.map(({ data }) => data.email)).toEqual(answers.map(() => "anna@examplle.com"));
});
