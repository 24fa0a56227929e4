import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, expect, inject, test, vi } from "vitest";
import { createAttemptLimit } from "../attempts/attempt-limit";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { registerUser } from "../registration/registration";
import type { RegistrationInput } from "../registration/registration.schema";
import { startServices } from "../start";
import { startPgBouncer } from "../test/pgbouncer";
import { createCopy, createEmptyDatabase } from "../test/template";
import { poolsTransactions } from "./pooler";

const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closes.splice(0).reverse()) await close();
});

const log = createLog("silent");

async function database(create = createCopy) {
  const made = await create(inject("template"));
  closes.push(made.drop);
  return made.url;
}

async function pooler(url: string, mode: "transaction" | "session") {
  const started = await startPgBouncer(url, mode);
  closes.push(started.stop);
  return started.url;
}

async function start(databaseUrl: string, role: "all" | "web" | "worker") {
  const env = parseEnv({ NODE_ENV: "test", DATABASE_URL: databaseUrl, ROLE: role });
  const started = await startServices(env, log);
  closes.push(started.stop);
  return started.services;
}

test("a pooler is known by its mode, and PostgreSQL itself for what it is", async () => {
  const url = await database();
  expect(await poolsTransactions(url)).toBe(false);
  expect(await poolsTransactions(await pooler(url, "session"))).toBe(false);
  const pooled = await pooler(url, "transaction");
  for (let time = 0; time < 5; time++) expect(await poolsTransactions(pooled)).toBe(true);
});

test("a database or pooler that keeps its first visitor waiting for seconds does not end the start", async () => {
  const url = new URL(await database());
  const target = { host: url.hostname, port: Number(url.port) };
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const door = createServer((incoming) => {
    const outgoing = connect(target);
    for (const socket of [incoming, outgoing]) socket.on("error", () => {});
    void opened.then(() => incoming.pipe(outgoing).pipe(incoming));
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  closes.push(async () => door.close());
  url.port = String((door.address() as AddressInfo).port);

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const arrived = once(door, "connection");
  const answer = poolsTransactions(url.href).catch((error: Error) => error.message);
  await arrived;
  await vi.advanceTimersByTimeAsync(9_000);
  open();
  expect(await answer).toBe(false);
});

test.each(["all", "worker"] as const)(
  "a process with ROLE=%s says why it cannot start through a pooler in transaction mode",
  async (role) => {
    const url = await pooler(await database(), "transaction");
    await expect(start(url, role)).rejects.toThrow(/needs a session of its own.*pool_mode = session.*ROLE=web/s);
  },
);

test("several web processes migrate an empty database once through a pooler in transaction mode, and work", async () => {
  const direct = await database(createEmptyDatabase);
  const url = await pooler(direct, "transaction");
  const [one, other] = await Promise.all([start(url, "web"), start(url, "web")]);
  expect(await other.db.user.count()).toBe(0);
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, number) =>
      (number % 2 ? one : other).db.$transaction(async (tx) => {
        const { id } = await tx.user.create({
          data: { email: `person${number}@example.com`, firstName: "Анна", phone: `+7900${1_000_000 + number}` },
        });
        await one.queue.enqueue(tx, "crm-registration", id);
        return id;
      }),
    ),
  );
  expect(new Set(made).size).toBe(30);
  expect(await one.queue.fetch("crm-registration", 50)).toHaveLength(30);
});

test("a schema that the role does not begin with is told, with what to set", async () => {
  const url = await pooler(await database(createEmptyDatabase), "transaction");
  await expect(start(`${url}?schema=crm`, "web")).rejects.toThrow(/alter role .*set search_path = "crm"/);
});

test("registrations and the counts of attempts pass through a pooler in transaction mode, each once", async () => {
  const services = await start(await pooler(await database(), "transaction"), "web");
  const attempt = createAttemptLimit({ ...services, env: parseEnv({}) }, { name: "pooled", attempts: 25 });
  const register = (number: number) =>
    registerUser(services, {
      input: { firstName: "Анна", email: `pooled-${number}@example.com`, phone: "+79161234567" } as RegistrationInput,
      utm: { first: null, last: null },
      locale: "ru",
      stamp: `stamp-${number}`,
    });
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const [people, waits] = await Promise.all([
    Promise.all(numbers.map(register)),
    Promise.all(numbers.map(() => attempt("203.0.113.1"))),
  ]);
  expect(new Set(people.map(({ id }) => id)).size).toBe(40);
  expect(await services.queue.fetch("crm-registration", 100)).toHaveLength(40);
  expect(waits.filter((wait) => wait === null)).toHaveLength(25);
  const [count] = await services.db.attemptCount.findMany({ where: { key: { startsWith: "pooled" } } });
  expect(count?.points).toBeGreaterThan(25);
});
