import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { createLog } from "../../platform/log";
import { Bitrix24Client, type ClientOptions } from "./client";
import type { RateLimit } from "./rate-limit";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };

/** A portal that gives these answers in turn, repeats the last one, and records the requests. */
async function portal(...replies: Reply[]) {
  const asked: { host: string; url: string; verb: string; body: unknown }[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method: verb = "", url = "" } = request;
    const reply = replies[Math.min(asked.length, replies.length - 1)] ?? {};
    asked.push({ host: request.headers.host ?? "", url, verb, body: await json(request) });
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0);
  await once(server, "listening");
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, port, webhookUrl: `http://127.0.0.1:${port}/rest/1/thekey/` };
}

/** The calls of the client to the rate limiter, in order. */
function notedPace(answers: Partial<RateLimit> = {}) {
  const notes: string[] = [];
  const rateLimiter: RateLimit = {
    take: async () => void notes.push("take"),
    penalize: async (seconds) => void notes.push(`penalize ${seconds}`),
    report: (method, time) => void notes.push(`report ${method} ${JSON.stringify(time)}`),
    refused: (method) => {
      notes.push(`refused ${method}`);
      return new Date(5_000);
    },
    blockedUntil: () => undefined,
    secondsLeft: () => Number.POSITIVE_INFINITY,
    ...answers,
  };
  return { rateLimiter, notes };
}

function client(webhookUrl: string, options: Partial<ClientOptions> = {}) {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const { rateLimiter } = notedPace();
  return { client: new Bitrix24Client({ webhookUrl, timeoutMs: 60_000, rateLimiter, log, ...options }), lines };
}

const tooFast = { status: 503, body: { error: "QUERY_LIMIT_EXCEEDED" } };

test("a call brings its result, its page and the portal's time", async () => {
  const { webhookUrl } = await portal({ body: { result: [1], total: 70, next: 50, time: { duration: 0.25 } } });
  expect(await client(webhookUrl).client.call("crm.item.list")).toMatchObject({
    result: [1],
    total: 70,
    next: 50,
    seconds: 0.25,
  });
});

test("only a refusal for speed is repeated at once, after a longer pause each time", async () => {
  const { webhookUrl, asked } = await portal(tooFast, tooFast, { body: { result: 7 } });
  const { rateLimiter, notes } = notedPace();
  expect((await client(webhookUrl, { rateLimiter }).client.call("profile")).result).toBe(7);
  expect(asked).toHaveLength(3);
  expect(notes).toEqual(["take", "penalize 2", "take", "penalize 4", "take", "report profile undefined"]);
});

test("a call to a portal that stays too busy fails after four tries, and nothing was done", async () => {
  const { webhookUrl, asked } = await portal(tooFast);
  await expect(client(webhookUrl).client.call("profile")).rejects.toMatchObject({
    code: "QUERY_LIMIT_EXCEEDED",
    kind: "limit",
    applied: "no",
  });
  expect(asked).toHaveLength(4);
});

test("server errors, refusals and a spent time limit are not repeated", async () => {
  for (const reply of [
    { status: 500, body: { error: "INTERNAL_SERVER_ERROR" } },
    { status: 502 },
    { status: 400, body: { error: "" } },
    { status: 429, body: { error: "OPERATION_TIME_LIMIT" } },
  ]) {
    const { webhookUrl, asked } = await portal(reply);
    await expect(client(webhookUrl).client.call("crm.item.add")).rejects.toThrow();
    expect(asked).toHaveLength(1);
  }
});

test("before each request the leader lock is asked for twice, around the note of what is intended", async () => {
  const { webhookUrl } = await portal({ body: { result: 1 } });
  const order: string[] = [];
  const { client: asking } = client(webhookUrl, { assertLeader: async () => void order.push("leader") });
  await asking.admit(["crm.item.add"]);
  order.push("intend");
  await asking.exchange("crm.item.add", {});
  expect(order).toEqual(["leader", "intend", "leader"]);
});

test("a right that is gone keeps the request from leaving, and one that is not sent on after its wait does not leave", async () => {
  const { webhookUrl, asked } = await portal({ body: { result: 1 } });
  const { client: plain } = client(webhookUrl);
  // If saving the progress between the two calls fails, nothing is sent.
  await plain.admit(["crm.item.add"]);
  const { client: silenced } = client(webhookUrl, { assertLeader: () => Promise.reject(new Error("lost")) });
  await expect(silenced.call("crm.item.add")).rejects.toThrow("lost");
  expect(asked).toEqual([]);
});

test("a method without execution time left is not asked for, nor a batch that holds it", async () => {
  const { webhookUrl, asked } = await portal({ body: { result: 1 } });
  const until = new Date(60_000);
  const { rateLimiter } = notedPace({
    blockedUntil: (methods) => (methods.includes("crm.item.add") ? until : undefined),
  });
  const { client: limited } = client(webhookUrl, { rateLimiter });
  const refusal = { code: "OPERATION_TIME_LIMIT", kind: "limit", applied: "no", retryAt: until };
  await expect(limited.call("crm.item.add")).rejects.toMatchObject(refusal);
  await expect(limited.batch([{ method: "crm.item.add", params: {} }])).rejects.toMatchObject(refusal);
  expect(asked).toEqual([]);
});

test("a refusal for execution time comes with the time of the next try, alone and inside a batch", async () => {
  const refusal = { error: "OPERATION_TIME_LIMIT" };
  const single = await portal({ status: 429, body: refusal });
  await expect(client(single.webhookUrl).client.call("crm.item.add")).rejects.toMatchObject({
    retryAt: new Date(5_000),
  });
  const batched = await portal({ body: { result: { result: [], result_error: { c0: refusal } } } });
  const [outcome] = await client(batched.webhookUrl).client.batch([{ method: "crm.item.add", params: {} }]);
  expect(outcome).toMatchObject({ ok: false, error: { applied: "no", retryAt: new Date(5_000) } });
});

test("API usage is reported for a batch and for each of its methods", async () => {
  const time = { operating: 3, operating_reset_at: 9 };
  const body = { result: { result: { c0: 1 }, result_time: { c0: time } }, time: { operating: 1 } };
  const { webhookUrl } = await portal({ body });
  const { rateLimiter, notes } = notedPace();
  await client(webhookUrl, { rateLimiter }).client.batch([{ method: "crm.item.add", params: {} }]);
  expect(notes).toEqual(["take", 'report batch {"operating":1}', `report crm.item.add ${JSON.stringify(time)}`]);
});

test("a renamed portal is followed with the whole request, told of once, and asked at its new address from then on", async () => {
  const renamed = await portal({ body: { result: 1 } });
  const location = `http://localhost:${renamed.port}/rest/1/thekey/crm.item.add`;
  const old = await portal({ status: 302, headers: { location } });
  const { client: following, lines } = client(old.webhookUrl);
  await following.call("crm.item.add", { name: "Anna" });
  await following.call("profile");
  expect(old.asked).toHaveLength(1);
  expect(renamed.asked).toMatchObject([
    { verb: "POST", url: "/rest/1/thekey/crm.item.add", body: { name: "Anna" } },
    { verb: "POST", url: "/rest/1/thekey/profile" },
  ]);
  expect(following.host).toBe(`http://localhost:${renamed.port}`);
  expect(lines).toHaveLength(1);
  expect(lines.join()).toContain("renamed");
  expect(lines.join()).not.toContain("thekey");
});

test("a redirect elsewhere is refused, and the key does not go there", async () => {
  const thief = await portal({ body: { result: 1 } });
  for (const location of [
    `http://localhost:${thief.port}/rest/1/otherkey/profile`,
    `http://localhost:${thief.port}/login?back=/rest/1/thekey/profile`,
    "https://thief.example/rest/1/thekey/profile",
  ]) {
    const old = await portal({ status: 302, headers: { location } });
    await expect(client(old.webhookUrl).client.call("profile")).rejects.toMatchObject({
      code: "REDIRECT_REFUSED",
      kind: "blocked",
      applied: "no",
    });
  }
  expect(thief.asked).toEqual([]);
});

test("a portal that points on and on is refused", async () => {
  const location = "/rest/1/thekey/profile";
  const { webhookUrl, asked } = await portal({ status: 302, headers: { location } });
  await expect(client(webhookUrl).client.call("profile")).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
  expect(asked).toHaveLength(2);
});
