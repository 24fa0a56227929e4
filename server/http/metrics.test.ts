import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { createMetrics } from "./metrics";

let database: TestDatabase;
const running: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(running.map((stop) => stop()));
  await database.drop();
});

/** Asks over a connection from this machine. */
async function start(source: Record<string, string> = {}) {
  const app = express();
  app.set("trust proxy", 1);
  app.get("/metrics", createMetrics({ db: database.db, env: parseEnv(source) }));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  return (headers: Record<string, string> = {}) => fetch(url, { headers: { connection: "close", ...headers } });
}

test("the queue's figures are there for this machine, in Prometheus's text", async () => {
  await makeUser(database.db);
  await makeUser(database.db, { crmState: "FAILED" });
  const answer = await (await start())();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  const text = await answer.text();
  expect(text).toContain('crm_registrations{state="pending"} 1');
  expect(text).toContain('crm_registrations{state="failed"} 1');
  expect(text).toContain("crm_queue_paused 0");
});

for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "via"]) {
  test(`whoever comes through a proxy on this machine, told by ${header}, is refused`, async () => {
    const ask = await start();
    expect((await ask({ [header]: "127.0.0.1" })).status).toBe(403);
  });
}

test("with a token only its bearer is answered, also through a proxy", async () => {
  const ask = await start({ METRICS_TOKEN: "secret-token" });
  const statuses = await Promise.all([
    ask(),
    ask({ authorization: "Bearer other-token1" }),
    ask({ authorization: "secret-token" }),
    ask({ authorization: "Bearer secret-token", "x-forwarded-for": "203.0.113.9" }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 200]);
});
