import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createDb, createWatchedPool } from "../database/db";
import { isAlive } from "../database/embedded/is-alive";
import { startLocalPostgres } from "../database/embedded/local-postgres";
import { isPostmasterOf } from "../database/embedded/postmaster";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createCrmHarness, findFaults } from "../test/crm";
import type { TestDatabase } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createCopy, createTemplate } from "../test/template";

// A PostgreSQL of its own is stopped, or killed, under a worker in the middle of its work, and comes back.

const log = createLog("silent");
const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function startServer() {
  const folder = makeTestFolder();
  closes.push(() => removeTestFolder(folder));
  const start = async () => {
    const server = await startLocalPostgres({ dir: join(folder, "postgres"), database: "app", log });
    closes.push(() => server.stop());
    return server;
  };
  const { url } = await start();
  const data = join(folder, "postgres/data");
  return {
    url,
    start,
    /** Sends the signal to PostgreSQL, and waits until it has ended. */
    async end(signal: NodeJS.Signals) {
      const pid = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
      process.kill(pid, signal);
      await expect.poll(() => isAlive(pid) && isPostmasterOf(data, pid)).toBe(false);
    },
  };
}

async function createDatabase(url: string): Promise<TestDatabase> {
  const copy = await createCopy(await createTemplate(url));
  const pool = createWatchedPool(copy.url, log);
  const db = createDb(pool);
  const drop = async () => {
    await db.$disconnect();
    await pool.end();
  };
  closes.push(drop);
  return { url: copy.url, pool, db, env: parseEnv({}), drop };
}

const ends = [
  ["stopped", "SIGINT"],
  ["killed", "SIGKILL"],
] as const;

test.each(ends)(
  "a PostgreSQL that is %s in the middle of the work and started again: the worker says so, and everybody arrives once",
  async (_how, signal) => {
    const server = await startServer();
    const crm = await createCrmHarness({ database: await createDatabase(server.url) });
    closes.push(() => crm.close());
    for (let made = 0; made < 12; made++) await crm.register();
    crm.newWorker().start();
    await expect.poll(() => crm.portal.requests).toBeGreaterThan(2);
    await server.end(signal);
    await expect.poll(() => crm.lines.some(({ level }) => Number(level) >= 40)).toBe(true);
    await server.start();
    const pending = () => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } }).catch(() => -1);
    await expect.poll(pending).toBe(0);
    await expect.poll(() => crm.register().catch(() => 0)).toBeGreaterThan(0);
    await expect.poll(pending).toBe(0);
    expect(await findFaults(crm)).toEqual([]);
  },
);
