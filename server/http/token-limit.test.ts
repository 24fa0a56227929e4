import express from "express";
import { expect, test } from "vitest";
import { serve } from "../test/serve";
import { limitCalls, maxBatchCalls } from "./token-limit";

async function start(perMinute: number, options: { most?: number } = {}) {
  const app = express().use(limitCalls(perMinute, options), (_req, res) => void res.send("ok"));
  const base = await serve(app);
  return (authorization?: string, path = "/api/users/1") =>
    fetch(base + path, { headers: authorization ? { authorization, "accept-language": "en" } : {} });
}

const bearer = (letter: string) => `Bearer b24r_${letter.repeat(43)}`;
const batch = (calls: number, prefix = "/api/trpc") => `${prefix}/${Array(calls).fill("getUser").join(",")}?batch=1`;

test("a token gets its share a minute and is told how long to wait, and why", async () => {
  const ask = await start(2);
  expect([(await ask(bearer("a"))).status, (await ask(bearer("a"))).status]).toEqual([200, 200]);

  const refused = await ask(bearer("a"));

  expect(refused.status).toBe(429);
  const wait = Number(refused.headers.get("retry-after"));
  expect(wait).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({
    error: {
      code: "TOO_MANY",
      issues: [
        {
          code: "too_many_calls_a_minute",
          params: { maximum: 2, calls: 1, retryAfter: wait },
          message: expect.stringContaining("A token has 2 calls a minute"),
        },
      ],
    },
  });
});

test("every answer tells how many calls are left", async () => {
  const ask = await start(5);
  const { headers } = await ask(bearer("a"), batch(3));
  expect(headers.get("ratelimit-policy")).toBe('"calls";q=5;w=60');
  expect(headers.get("ratelimit")).toMatch(/^"calls";r=2;t=\d+$/);
});

test("each call of a batch counts, however its address is spelt", async () => {
  for (const prefix of ["/api/trpc", "/API/tRPC", "/%61pi/trpc"]) {
    const ask = await start(5);
    expect((await ask(bearer("a"), batch(3, prefix))).status).toBe(200);
    expect((await ask(bearer("a"), batch(3, prefix))).status).toBe(429);
  }
  const ask = await start(5);
  expect((await ask(bearer("a"), batch(3).replaceAll(",", "%2C"))).status).toBe(200);
  expect((await ask(bearer("a"), batch(3).replaceAll(",", "%2c"))).status).toBe(429);
});

test("a refusal is told to tRPC's clients in their own form, however the address is spelt", async () => {
  const ask = await start(1);
  const encoded = await ask(bearer("b"), batch(2).replace("/api/", "/%41pi/"));
  expect(await encoded.json()).toMatchObject({ error: { data: { appCode: "TOO_MANY" } } });
  const refused = await ask(bearer("a"), batch(2));
  expect(refused.status).toBe(429);
  expect(await refused.json()).toEqual({
    error: {
      code: -32029,
      message: "TOO_MANY",
      data: {
        code: "TOO_MANY_REQUESTS",
        httpStatus: 429,
        appCode: "TOO_MANY",
        details: {
          issues: [
            {
              path: [],
              code: "too_many_calls_a_minute",
              message: expect.stringMatching(/1 calls a minute.* Wait \d+\u00a0s/),
              params: { maximum: 1, calls: 2, retryAfter: expect.any(Number) },
            },
          ],
        },
      },
    },
  });
});

test("a batch of more calls than the limit of a minute is refused for every caller", async () => {
  const ask = await start(10_000);
  expect((await ask(undefined, batch(maxBatchCalls))).status).toBe(200);
  const refused = await ask(undefined, batch(maxBatchCalls + 1));
  expect(refused.status).toBe(400);
  expect((await refused.json()).error.data.details.issues).toMatchObject([
    { code: "too_many_calls", params: { calls: maxBatchCalls + 1, maximum: maxBatchCalls } },
  ]);
});

test("other tokens, and requests without a token, are not limited by it", async () => {
  const ask = await start(1);
  await ask(bearer("a"));
  expect((await ask(bearer("b"))).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await ask()).status).toBe(200);
});

test("made-up tokens take no more memory than so many, and those that call go on being counted", async () => {
  const ask = await start(2, { most: 2 });
  const left = async (letter: string) =>
    /r=(\d+)/.exec((await ask(bearer(letter))).headers.get("ratelimit") ?? "")?.[1];
  expect(await left("a")).toBe("1");
  expect(await left("b")).toBe("1");
  expect(await left("a")).toBe("0");
  // The one that has called longest ago gives way.
  expect(await left("c")).toBe("1");
  expect(await left("a")).toBe("0");
  expect(await left("b")).toBe("1");
});

test("the token itself is in no header of the answer", async () => {
  const ask = await start(1);
  const headers = JSON.stringify([...(await ask(bearer("a"))).headers]);
  expect(headers).not.toContain("aaaa");
});
