import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { unknownTokensPerMinute } from "~server/auth/token-guard";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp({ TRUST_PROXY: "1" });
  cast = await makeCast(app.services);
});
afterAll(() => app.stop());

const ask = (headers: Record<string, string>, address: string, path = `/api/users/${cast.selfId}`) =>
  app.fetch(path, { headers: { ...headers, "x-forwarded-for": address } });
const madeUp = () => ({ authorization: `Bearer b24r_${randomBytes(32).toString("base64url")}` });

/** All at once: one after the other they may take longer than the minute for which they count. */
async function provoke(address: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: unknownTokensPerMinute + 1 }, () => ask(madeUp(), address)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
}

test("an address that tries one unknown token after another is held up, by REST and tRPC, and no other address", async () => {
  await provoke("203.0.113.1");

  const answers = [
    await ask(madeUp(), "203.0.113.1"),
    await ask(madeUp(), "203.0.113.1", `/api/trpc/getUser?input=${encodeURIComponent(JSON.stringify({ id: 1 }))}`),
  ];

  for (const answer of answers) {
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const { error } = await answer.json();
    expect(error.issues ?? error.data.details.issues).toMatchObject([
      { code: "too_many_unknown_tokens", params: { maximum: unknownTokensPerMinute, retryAfter: expect.any(Number) } },
    ]);
  }
  expect((await ask(madeUp(), "203.0.113.2")).status).toBe(401);
  expect((await ask(cast.headers.self, "203.0.113.1")).status).toBe(200);
});

test("a token that has opened something goes on doing so, whatever its neighbours at the address try", async () => {
  expect((await ask(cast.headers.token, "203.0.113.3")).status).toBe(200);
  await provoke("203.0.113.3");
  expect((await ask(cast.headers.token, "203.0.113.3")).status).toBe(200);
});

test("a page does not look a token up", async () => {
  await provoke("203.0.113.4");
  expect((await ask(madeUp(), "203.0.113.4", "/account")).status).toBe(404);
});
