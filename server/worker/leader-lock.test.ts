import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createLog } from "../platform/log";
import { wakeChannel } from "../queue/queue";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { LeaderLock, LeadershipLostError } from "./leader-lock";

let database: TestDatabase;
const leaderLocks: LeaderLock[] = [];
const original = pg.Client.prototype.query;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const leaderLock of leaderLocks.splice(0)) await leaderLock.release();
});
afterAll(() => database.drop());

function newLeaderLock(url = database.url) {
  const lines: { msg: string }[] = [];
  const leaderLock = new LeaderLock(url, createLog("info", { write: (line) => void lines.push(JSON.parse(line)) }));
  leaderLocks.push(leaderLock);
  return Object.assign(leaderLock, { lines });
}

/** When a session of the leader lock last began a statement. */
const statements = async () =>
  (
    await database.pool.query<{ at: string }>(
      "select max(query_start)::text as at from pg_stat_activity where datname = current_database() and application_name = 'crm-leader'",
    )
  ).rows[0]?.at;

const cut = () =>
  database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'crm-leader'",
  );

test("one of several processes holds the leader lock, and the next one gets it when it is released", async () => {
  const leaderLocksAtOnce = [newLeaderLock(), newLeaderLock(), newLeaderLock()];
  const acquired = await Promise.all(leaderLocksAtOnce.map((leaderLock) => leaderLock.tryAcquire()));
  expect(acquired.filter(Boolean)).toHaveLength(1);
  expect(await leaderLocksAtOnce[acquired.indexOf(true)]?.tryAcquire()).toBe(true);
  const [holder, other] = [leaderLocksAtOnce[acquired.indexOf(true)], leaderLocksAtOnce[acquired.indexOf(false)]];
  await expect(holder?.assertHeld()).resolves.toBeUndefined();
  await expect(other?.assertHeld()).rejects.toThrow(LeadershipLostError);
  await holder?.release();
  await expect.poll(() => other?.tryAcquire()).toBe(true);
});

test("a leader whose connection ends notices it, aborts its requests, and can become leader again", async () => {
  const leaderLock = newLeaderLock();
  await leaderLock.tryAcquire();
  const { signal } = leaderLock;
  await cut();
  await expect.poll(() => signal.aborted).toBe(true);
  expect(leaderLock.held).toBe(false);
  await expect(leaderLock.assertHeld()).rejects.toThrow(LeadershipLostError);
  expect(leaderLock.lines.map(({ msg }) => msg)).toEqual(["the leader lock is lost"]);
  await expect.poll(() => leaderLock.tryAcquire()).toBe(true);
  expect(leaderLock.signal.aborted).toBe(false);
  expect(signal.aborted).toBe(true);
});

test.each([-3_600_000, 3_600_000])(
  "a holder whose clock is set by %s ms asks the database before it believes",
  async (by) => {
    const leaderLock = newLeaderLock();
    await leaderLock.tryAcquire();
    await expect(leaderLock.assertHeld()).resolves.toBeUndefined();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by });
    onTestFinished(() => void vi.useRealTimers());
    const asked = await statements();
    await expect(leaderLock.assertHeld()).resolves.toBeUndefined();
    expect(await statements()).not.toBe(asked);
  },
);

test("requests that ask at the same moment send their statements one after another", async () => {
  const busy = new WeakSet<object>();
  let overlaps = 0;
  const query = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    if (busy.has(this)) overlaps++;
    busy.add(this);
    const answer = (original as (...args: unknown[]) => Promise<unknown>).apply(this, args);
    void answer.then(
      () => busy.delete(this),
      () => busy.delete(this),
    );
    return answer;
  } as never);
  onTestFinished(() => query.mockRestore());
  const leaderLock = newLeaderLock();
  await leaderLock.tryAcquire();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  await Promise.all([1, 2, 3].map(() => leaderLock.assertHeld()));
  expect(query.mock.calls.length).toBeGreaterThanOrEqual(6);
  expect(overlaps).toBe(0);
});

test("a job that is committed anywhere wakes holders and others alike", async () => {
  let woken = 0;
  for (const leaderLock of [newLeaderLock(), newLeaderLock()]) {
    leaderLock.onWake(() => woken++);
    await leaderLock.tryAcquire();
  }
  await database.pool.query("select pg_notify($1, '')", [wakeChannel]);
  await expect.poll(() => woken).toBe(2);
});

test("while the database is unreachable no process is leader, and the log says so once", async () => {
  const leaderLock = newLeaderLock("postgres://nobody@127.0.0.1:1/none");
  expect([await leaderLock.tryAcquire(), await leaderLock.tryAcquire()]).toEqual([false, false]);
  expect(leaderLock.lines).toHaveLength(1);
  await expect(leaderLock.release()).resolves.toBeUndefined();
});

test("a server that takes connections and refuses the settings is not left with one more each time", async () => {
  let open = 0;
  // The needed part of PostgreSQL's protocol: every login succeeds, every query is an error.
  const server = createServer((socket) => {
    open++;
    socket.on("close", () => open--).on("error", () => {});
    const message = (type: string, body: Buffer) => {
      const head = Buffer.alloc(5);
      head.write(type);
      head.writeInt32BE(body.length + 4, 1);
      socket.write(Buffer.concat([head, body]));
    };
    const ready = () => message("Z", Buffer.from("I"));
    socket.once("data", () => {
      message("R", Buffer.alloc(4));
      ready();
      socket.on("data", (chunk) => {
        if (chunk.toString("latin1").startsWith("X")) {
          socket.end();
          return;
        }
        message("E", Buffer.from("SERROR\0C42704\0Munrecognized parameter\0\0"));
        ready();
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const leaderLock = newLeaderLock(`postgres://old:x@127.0.0.1:${(server.address() as AddressInfo).port}/old`);
  for (let tries = 0; tries < 3; tries++) expect(await leaderLock.tryAcquire()).toBe(false);
  await expect.poll(() => open).toBe(0);
  expect(leaderLock.lines).toMatchObject([{ level: 40, err: { code: "42704" } }]);
  server.close();
});
