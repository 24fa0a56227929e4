import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { writeBackup } from "../backup/write";
import { DatabaseAwayError } from "../database/unavailable";
import { auditEvents, signInAttempts } from "../platform/counters";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createMetrics } from "./metrics";
import { refuseErrors } from "./reply";

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

test("the queue's metrics are served to this machine, in Prometheus's format", async () => {
  await makeUser(database.db, { crmPendingSince: new Date(Date.now() - 31 * 60_000) });
  await makeUser(database.db, { crmState: "FAILED" });
  const answer = await (await start())();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  const text = await answer.text();
  expect(text).toContain('crm_registrations{state="pending"} 1');
  expect(text).toContain('crm_registrations{state="failed"} 1');
  expect(text).toContain("crm_queue_paused 0");
  expect(text).toContain("crm_registrations_overdue 1");
});

test("the worker's last heartbeat and the longest wait for an erasure on the portal are served, for the alerts of both", async () => {
  const figure = async (name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await (await (await start())()).text())?.[1]);
  expect(await figure("person_erasure_oldest_pending_seconds")).toBe(0);
  const seenAt = new Date("2026-11-27T00:00:00Z");
  await database.db.crmPortal.update({ where: { id: 1 }, data: { workerSeenAt: seenAt } });
  const erasure = { cause: "self", actorKind: "SYSTEM" as const, mode: "anonymise", salt: "" };
  const [{ id: long }, { id: done }] = [await makeUser(database.db), await makeUser(database.db)];
  const day = 24 * 3_600_000;
  await database.db.erasure.createMany({
    data: [
      { ...erasure, userId: long, state: "pending", requestedAt: new Date(Date.now() - 4 * day) },
      { ...erasure, userId: done, state: "done", requestedAt: new Date(Date.now() - 9 * day) },
    ],
  });
  expect(await figure("crm_worker_seen_timestamp_seconds")).toBe(seenAt.getTime() / 1_000);
  const seconds = await figure("person_erasure_oldest_pending_seconds");
  expect(seconds).toBeGreaterThanOrEqual(4 * 86_400);
  expect(seconds).toBeLessThan(9 * 86_400);
});

test("registrations that pour in are served while they do, also if nobody opens a form", async () => {
  const { db } = database;
  const scrape = await start({ RATE_LIMIT_REGISTER: "1" });
  const served = async () => Number(/^sign_ups_unusual (\S+)$/m.exec(await (await scrape()).text())?.[1]);
  expect(await served()).toBe(0);
  const people = await Promise.all(Array.from({ length: 13 }, () => makeUser(db, { passwordHash: "hash" })));
  const these = { id: { in: people.map(({ id }) => id) } };
  expect(await served()).toBe(1);
  await db.user.updateMany({ where: these, data: { createdAt: new Date(Date.now() - 11 * 60_000) } });
  expect(await served()).toBe(0);
  await db.user.deleteMany({ where: these });
});

test("the time of the last backup is served, for the alert that it is old", async () => {
  const served = async () =>
    Number(/^registration_backup_timestamp_seconds (\S+)$/m.exec(await (await (await start())()).text())?.[1]);
  expect(await served()).toBe(0);
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  await writeBackup(database.pool, join(folder, "first.backup"));
  const { backedUpAt } = await database.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } });
  expect(backedUpAt).toBeInstanceOf(Date);
  expect(await served()).toBe((backedUpAt?.getTime() ?? 0) / 1_000);

  await database.pool.query(`alter table "CrmPortal" rename column "backedUpAt" to "notYet"`);
  await writeBackup(database.pool, join(folder, "of-an-earlier-release.backup"));
  await database.pool.query(`alter table "CrmPortal" rename column "notYet" to "backedUpAt"`);
});

for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "via", "x-forwarded-ssl", "cf-connecting-ip"]) {
  test(`a request through a proxy on this machine, recognised by ${header}, is refused`, async () => {
    const ask = await start();
    expect((await ask({ [header]: "127.0.0.1" })).status).toBe(403);
  });
}

test("with a token only its bearer is answered, also through a proxy", async () => {
  const ask = await start({ METRICS_TOKEN: "secret-token-of-16" });
  const statuses = await Promise.all([
    ask(),
    ask({ authorization: "Bearer other-token-of-16-" }),
    ask({ authorization: "secret-token-of-16" }),
    ask({ authorization: "Bearer secret-token-of-16", "x-forwarded-for": "203.0.113.9" }),
    ask({ authorization: "bearer secret-token-of-16" }),
    ask({ authorization: "Bearer " }),
    ask({ authorization: "Basic secret-token-of-16" }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 200, 200, 403, 403]);
});

for (const host of ["register.example.com", "127.0.0.1.evil.example", "localhost.evil.example:3000"]) {
  test(`who asks this machine by the name ${host} is refused`, async () => {
    const ask = await start();
    const { port } = new URL((await ask()).url);
    const req = request({ port, host: "127.0.0.1", path: "/metrics", headers: { host, connection: "close" } }).end();
    const [answer] = await once(req, "response");
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });
}

test("in production no request without a token is answered, not even from this machine", async () => {
  const inProduction = {
    NODE_ENV: "production",
    APP_URL: "https://site.example",
    SESSION_SECRET: "0123456789abcdef0123456789abcdeX",
    BITRIX24_WEBHOOK_URL: "https://portal.example/rest/1/key/",
  };
  expect((await (await start(inProduction))()).status).toBe(403);
  const ask = await start({ ...inProduction, METRICS_TOKEN: "secret-token-of-16" });
  expect((await ask({ authorization: "Bearer secret-token-of-16" })).status).toBe(200);
});

test("audited actions and attempts to sign in are counted, without a word on whose they were", async () => {
  auditEvents.inc({ action: "password.reset" });
  signInAttempts.inc({ outcome: "refused" });
  const text = await (await (await start())()).text();
  expect(text).toMatch(/audit_events_total\{action="password\.reset"\} [1-9]/);
  expect(text).toMatch(/sign_in_attempts_total\{outcome="refused"\} [1-9]/);
});

test("without the database the metrics say when to come again, and log no error of their own", async () => {
  const lines: string[] = [];
  const away = async () => {
    throw new DatabaseAwayError();
  };
  const db = new Proxy(
    {},
    { get: (_, name) => (String(name).startsWith("$") ? away : new Proxy({}, { get: () => away })) },
  );
  const app = express();
  app.get("/metrics", createMetrics({ db: db as typeof database.db, env: parseEnv({}) }));
  app.use(refuseErrors(createLog("info", { write: (line) => void lines.push(line) })));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => new Promise((resolve) => server.close(resolve)));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`, {
    headers: { connection: "close" },
  });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.text()).toContain("Our database is not responding");
  expect(lines).toEqual([]);
});
