import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../../test/folders";
import { type Installation, install } from "../../test/installation";
import { isAlive } from "./is-alive";
import { isPostmasterOf } from "./postmaster";

const root = makeTestFolder();
let installation: Installation;
beforeAll(async () => {
  installation = await install(join(root, "app"));
});
afterAll(() => removeTestFolder(root));

let folders = 0;
const newDir = () => join(root, `data-${folders++}`);
const fallback = join(root, "fallback");
const launch = (dir: string) => installation.launch({ dir: join(dir, "postgres"), fallback });
const postmaster = (dir: string) =>
  Number.parseInt(readFileSync(join(dir, "postgres/data/postmaster.pid"), "utf8"), 10);
/** Ended; a zombie, which a container's first process may never collect, counts as such. */
const ended = (dir: string, pid: number) =>
  expect.poll(() => isAlive(pid) && isPostmasterOf(join(dir, "postgres/data"), pid)).toBe(false);
const port = (url: string) => new URL(url).port;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("starts, keeps data and port over a restart, and leaves no process behind", async () => {
  const dir = newDir();
  const first = launch(dir);
  const { url, adopted } = await first.said();
  expect(adopted).toBe(false);
  await query(url, "create table kept as select 7 as value");
  const pid = postmaster(dir);

  expect(await first.stop()).toBe("stopped");
  await ended(dir, pid);
  expect(readdirSync(dir)).toEqual(["postgres"]);
  expect(readdirSync(join(dir, "postgres")).sort()).toEqual(["data", "guarded", "log", "password", "port"]);

  const second = launch(dir);
  const again = await second.said();
  expect(again).toEqual({ url, adopted: false });
  expect(await query(again.url, "select value from kept")).toEqual([{ value: 7 }]);
  await second.stop();
});

test("a refused statement leaves no personal data in PostgreSQL's own log", async () => {
  const dir = newDir();
  const process_ = launch(dir);
  const { url } = await process_.said();
  const statements = `create table person (email text unique); insert into person values ('anna@example.com'), ('anna@example.com')`;
  await expect(query(url, statements)).rejects.toThrow("unique");
  await query(url, "select pg_sleep(0)");
  const log = readFileSync(join(dir, "postgres/log"), "utf8");
  expect(log).toContain("duplicate key");
  expect(log.replace(/STATEMENT:.*/g, "")).not.toContain("anna@example.com");
  await process_.stop();
});

test("knows letters beyond ASCII, whatever the environment's locale", async () => {
  const process_ = launch(newDir());
  const { url } = await process_.said();

  await query(url, "create extension pg_trgm");
  expect(
    await query(
      url,
      `select current_setting('server_encoding') as encoding, 'Иван ÄRZTE' ilike '%иВАН ärzte%' as found,
              lower('ИВАН') as lower, cardinality(show_trgm('Иван')) as trigrams`,
    ),
  ).toEqual([{ encoding: "UTF8", found: true, lower: "иван", trigrams: 5 }]);
  await process_.stop();
});

test("listens on loopback only and asks for the password", async () => {
  const dir = newDir();
  const process_ = launch(dir);
  const { url } = await process_.said();

  expect(await query(url, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect(await query(url, "show unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
  const wrong = new URL(url);
  wrong.password = "guess";
  await expect(query(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  expect(statSync(join(dir, "postgres/password")).mode & 0o777).toBe(0o600);
  await process_.stop();
});

test("adopts the server of a process that was killed, and then stops it", async () => {
  const dir = newDir();
  const killed = launch(dir);
  const { url } = await killed.said();
  await query(url, "create table kept as select 7 as value");
  await killed.kill();

  const next = launch(dir);
  expect(await next.said()).toEqual({ url, adopted: true });
  expect(await query(url, "select value from kept")).toEqual([{ value: 7 }]);
  const pid = postmaster(dir);
  expect(await next.stop()).toBe("stopped");
  await ended(dir, pid);
});

test("recovers on the same port when the server was killed", async () => {
  const dir = newDir();
  const first = launch(dir);
  const { url } = await first.said();
  await query(url, "create table kept as select 7 as value");
  // The process that would start it again goes first.
  await first.kill();
  process.kill(postmaster(dir), "SIGKILL");

  const second = launch(dir);
  expect(await second.said()).toEqual({ url, adopted: false });
  expect(await query(url, "select value from kept")).toEqual([{ value: 7 }]);
  expect(await second.stop()).toBe("stopped");
});

test("of four first starts at once one starts the server, and the last to stop ends it", async () => {
  const dir = newDir();
  const processes = Array.from({ length: 4 }, () => launch(dir));
  const said = await Promise.all(processes.map((one) => one.said()));

  expect(new Set(said.map(({ url }) => url)).size).toBe(1);
  expect(said.filter(({ adopted }) => !adopted)).toHaveLength(1);
  expect(readdirSync(dir)).toEqual(["postgres"]);

  const pid = postmaster(dir);
  const outcomes: string[] = [];
  for (const one of processes) outcomes.push(await one.stop());
  expect(outcomes).toEqual(["left running", "left running", "left running", "stopped"]);
  await ended(dir, pid);
});

test("a start during a stop gets a server that stays", async () => {
  const dir = newDir();
  let user = launch(dir);
  await user.said();
  for (let round = 0; round < 5; round++) {
    const next = launch(dir);
    const [, { url }] = await Promise.all([user.stop(), next.said()]);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    user = next;
  }
  expect(await user.stop()).toBe("stopped");
});

test("a stop that comes upon the guard's waits for the end of the server, and says so", async () => {
  const dir = newDir();
  const process_ = launch(dir);
  const { url } = await process_.said();
  const maintenance = url.replace(/\/app$/, "/postgres");
  // As the guard's session does: it is no user, and takes the lock of all users before it stops the server.
  const [guard, watcher] = await Promise.all(
    [1, 2].map(async () => {
      const client = new pg.Client({ connectionString: maintenance, application_name: "idle-server-guard" });
      client.on("error", () => {});
      await client.connect();
      return client;
    }),
  );
  const seen = async (sql: string) => (await watcher?.query(sql))?.rows[0];
  const alone = guard?.query("select pg_advisory_lock(1777)");
  await expect
    .poll(() => seen("select count(*)::int from pg_locks where locktype = 'advisory' and not granted"))
    .toEqual({ count: 1 });

  const outcome = process_.stop();
  await alone;
  const sessions = "select sessions::int as count from pg_stat_database where datname = 'postgres'";
  const { count } = await seen(sessions);
  await expect.poll(async () => (await seen(sessions)).count).toBeGreaterThan(count);
  process.kill(postmaster(dir), "SIGINT");
  expect(await outcome).toBe("stopped");
  expect(existsSync(join(dir, "postgres/data/postmaster.pid"))).toBe(false);
});

test("is stopped again when the database cannot be made", async () => {
  const dir = newDir();
  const failed = installation.launch({ dir: join(dir, "postgres"), fallback, database: "\0" });
  expect((await failed.said()).error).toBeTruthy();
  expect(existsSync(join(dir, "postgres/data/PG_VERSION"))).toBe(true);
  expect(existsSync(join(dir, "postgres/data/postmaster.pid"))).toBe(false);
});

test("is left running for a connection that someone still holds", async () => {
  const process_ = launch(newDir());
  const { url } = await process_.said();
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();

  expect(await process_.stop()).toBe("left running");
  expect((await holder.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await holder.end();
});

test("a first start that is killed leaves no half cluster", async () => {
  const dir = newDir();
  const killed = launch(dir);
  const unfinished = () => existsSync(dir) && readdirSync(dir).some((name) => name.startsWith("postgres.init-"));
  await expect.poll(unfinished, { interval: 5 }).toBe(true);
  await killed.kill();
  expect(existsSync(join(dir, "postgres"))).toBe(false);

  const next = launch(dir);
  expect((await next.said()).adopted).toBe(false);
  expect(readdirSync(dir)).toEqual(["postgres"]);
  await next.stop();
});

test("is not misled by a process that has the number of a server that crashed", async () => {
  const dir = newDir();
  const first = launch(dir);
  const { url } = await first.said();
  await first.stop();
  writeFileSync(join(dir, "postgres/data/postmaster.pid"), `${process.pid}\n${dir}\n1\n${port(url)}\n`);

  const second = launch(dir);
  expect(await second.said()).toEqual({ url, adopted: false });
  await second.stop();
});

test("takes another port when its own is in use", async () => {
  const [one, other] = [newDir(), newDir()];
  const first = launch(one);
  const { url } = await first.said();
  mkdirSync(other);
  const before = launch(other);
  await before.said();
  await before.stop();
  writeFileSync(join(other, "postgres/port"), port(url));

  const second = launch(other);
  expect(port((await second.said()).url)).not.toBe(port(url));
  await Promise.all([first.stop(), second.stop()]);
});

test("says what to do about a cluster of another PostgreSQL", async () => {
  const dir = newDir();
  mkdirSync(join(dir, "postgres/data"), { recursive: true });
  writeFileSync(join(dir, "postgres/data/PG_VERSION"), "15\n");

  expect((await launch(dir).said()).error).toMatch(/made by PostgreSQL 15, but 18 is installed.*DATABASE_URL/);
});
