import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../../test/folders";
import { type Installation, install } from "../../test/installation";
import { freePort } from "./free-port";
import { isAlive } from "./is-alive";
import { isPostmasterOf } from "./postmaster";

const root = makeTestFolder();
let installation: Installation;
beforeAll(async () => {
  installation = await install(join(root, "app"));
  const first = launch(made);
  await first.said();
  await first.stop();
  while (isRunning(made)) await delay(50);
});
afterAll(() => removeTestFolder(root));

/** A cluster that has been used and is at rest. What makes one is tested elsewhere, and costs more than a test here. */
const made = join(root, "made");
let folders = 0;
/** With a cluster of its own, which keeps no port: several run at once. */
function newDir(): string {
  const dir = join(root, `data-${folders++}`);
  mkdirSync(dir);
  execFileSync("cp", ["-a", join(made, "postgres"), dir]);
  for (const name of ["port", "guarded", "log"]) rmSync(join(dir, "postgres", name), { force: true });
  return dir;
}
/** With short intervals, so that what takes half a minute is seen in seconds. */
const launch = (dir: string, options: { lookSeconds?: number } = { lookSeconds: 0.1 }) =>
  installation.launch({ dir: join(dir, "postgres"), fallback: join(root, "fallback"), ...options });
/** Longer than the guard waits, with short intervals. */
const pastGuardMs = 3_000;

const data = (dir: string) => join(dir, "postgres/data");
/** NaN where no server has written it, or where it is just being removed. */
function pidIn(dir: string): number {
  try {
    return Number.parseInt(readFileSync(join(data(dir), "postmaster.pid"), "utf8"), 10);
  } catch {
    return Number.NaN;
  }
}
function isRunning(dir: string): boolean {
  const pid = pidIn(dir);
  return !Number.isNaN(pid) && isAlive(pid) && isPostmasterOf(data(dir), pid);
}
const ends = (dir: string) => expect.poll(() => isRunning(dir)).toBe(false);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
/** A new guard follows, started by the first process that notices. */
const endGuard = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'idle-server-guard'";
const guards = async (url: string) =>
  (
    await query(
      url,
      "select pid from pg_stat_activity where application_name = 'idle-server-guard' and state = 'active'",
    )
  ).length;

test("a server whose only user was killed ends by itself", async () => {
  const dir = newDir();
  const killed = launch(dir, {});
  await killed.said();
  await killed.kill();
  expect(isRunning(dir)).toBe(true);
  await expect.poll(() => isRunning(dir)).toBe(false);
  expect(readFileSync(join(dir, "postgres/log"), "utf8")).toContain("database system is shut down");
});

test("a restart soon after the kill adopts the server, and keeps it", async () => {
  const dir = newDir();
  const killed = launch(dir, {});
  await killed.said();
  await killed.kill();
  // The patient guard of the first still stands, so an impatient one follows only after it.
  const second = launch(dir);
  expect(await second.said()).toMatchObject({ adopted: true });
  await second.kill();
  const next = launch(dir);
  const { url, adopted } = await next.said();
  expect(adopted).toBe(true);
  await query(url, endGuard);
  await expect.poll(() => guards(url)).toBe(1);
  await delay(pastGuardMs);
  // Idle in between: only the restarted process itself kept the server running.
  expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  await expect.poll(() => guards(url)).toBe(1);
  expect(await next.stop()).toBe("stopped");
  expect(isRunning(dir)).toBe(false);
});

test("starts at the very moment of the end get a server that stays", async () => {
  const dir = newDir();
  for (let round = 0; round < 6; round++) {
    const killed = launch(dir);
    await killed.said();
    await killed.kill();
    // Shortly before, at, and shortly after the end of the guard's patience.
    await delay(600 + round * 80);
    const next = launch(dir);
    const { url } = await next.said();
    await delay(1_500);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    await next.stop();
  }
});

test("of several users the last to be killed counts", async () => {
  const dir = newDir();
  const users = [launch(dir), launch(dir), launch(dir)];
  const [first] = await Promise.all(users.map((user) => user.said()));
  await users[0]?.kill();
  await users[1]?.kill();
  await delay(pastGuardMs);
  expect(await query(first?.url ?? "", "select 1 as one")).toEqual([{ one: 1 }]);
  await users[2]?.kill();
  await ends(dir);
});

test("connections that are cut end no server under a living process, and its death is noticed all the same", async () => {
  const dir = newDir();
  const user = launch(dir);
  const { url } = await user.said();
  const cut =
    "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  await query(url, cut);
  await delay(pastGuardMs);
  expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  await expect.poll(() => guards(url)).toBe(1);
  await user.kill();
  await ends(dir);
});

const answers = (url: string) =>
  query(url, "select 1 as one").then(
    (rows) => rows.length,
    () => 0,
  );
const postmaster = (dir: string) => Number.parseInt(readFileSync(join(data(dir), "postmaster.pid"), "utf8"), 10);
/** Returns once another server has taken its place. */
async function killServer(dir: string): Promise<void> {
  const before = postmaster(dir);
  process.kill(before, "SIGKILL");
  await expect.poll(() => isRunning(dir) && postmaster(dir) !== before).toBe(true);
}

test("a server that is killed alone comes back by itself, again and again, on its port and with its guard", async () => {
  const dir = newDir();
  const users = [launch(dir), launch(dir)];
  const [first] = await Promise.all(users.map((user) => user.said()));
  const url = first?.url ?? "";
  await query(url, "create table kept as select 7 as value");
  for (let round = 0; round < 2; round++) {
    await killServer(dir);
    await expect.poll(() => answers(url)).toBe(1);
    expect(await query(url, "select value from kept")).toEqual([{ value: 7 }]);
  }
  await expect.poll(() => guards(url)).toBe(1);
  for (const user of users) expect(user.errors()).not.toContain("another program");
  await Promise.all(users.map((user) => user.kill()));
  await ends(dir);
});

test("a server that is killed alone keeps its port, though another program has it for a while", async () => {
  const dir = newDir();
  const user = launch(dir);
  const { url } = await user.said();
  const port = Number(new URL(url).port);
  // Stopped, so that the port is taken before the process notices.
  user.child.kill("SIGSTOP");
  process.kill(postmaster(dir), "SIGKILL");
  await expect.poll(() => freePort(port)).toBe(port);
  const program = createServer().listen(port, "127.0.0.1");
  await once(program, "listening");
  user.child.kill("SIGCONT");
  await expect
    .poll(user.errors)
    .toContain(
      `{"port":${port}},"another program has the port of the embedded PostgreSQL: end it, or restart the site`,
    );
  expect(isRunning(dir)).toBe(false);
  program.close();
  await expect.poll(() => answers(url)).toBe(1);
  await user.kill();
  await ends(dir);
});

test("a process that leaves or is killed just after its server was killed leaves none behind", async () => {
  const dir = newDir();
  const leaving = launch(dir);
  await leaving.said();
  process.kill(postmaster(dir), "SIGKILL");
  await leaving.stop();
  await ends(dir);
  const killed = launch(dir);
  const { url } = await killed.said();
  await killServer(dir);
  await expect.poll(() => answers(url)).toBe(1);
  await killed.kill();
  await delay(pastGuardMs);
  await ends(dir);
});

test("a session that is no process of ours keeps the server as well", async () => {
  const dir = newDir();
  const killed = launch(dir);
  const { url } = await killed.said();
  const guest = new pg.Client({ connectionString: url });
  await guest.connect();
  await killed.kill();
  await delay(pastGuardMs);
  expect((await guest.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await guest.end();
  await ends(dir);
});

test("a start that is killed at any moment leaves no server behind", async () => {
  const rounds = Array.from({ length: 6 }, async (_, round) => {
    const dir = newDir();
    const once = launch(dir);
    await once.said();
    await once.stop();
    const killed = launch(dir);
    await expect.poll(() => existsSync(join(data(dir), "postmaster.pid")), { interval: 1 }).toBe(true);
    await delay(round * 30);
    await killed.kill();
    await delay(pastGuardMs);
    await ends(dir);
  });
  await Promise.all(rounds);
});
