import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { startLocalPostgres } from "./database/embedded/local-postgres";
import { migrate } from "./database/migrate";
import { WatchedPool } from "./database/watched-pool";
import { parseEnv } from "./platform/env";
import { createLog } from "./platform/log";
import { startForCommand, startServices } from "./start";
import { compileScript } from "./test/compile";
import { createTestDatabase } from "./test/database";
import { makeUser } from "./test/factories";
import { makeTestFolder, removeTestFolder } from "./test/folders";
import { startTcpGate } from "./test/tcp-gate";

const log = createLog("silent");
const dataDir = makeTestFolder();
afterAll(() => removeTestFolder(dataDir));

/** Changes the database, and leaves nothing running on it. */
async function change(act: (url: string) => Promise<unknown>): Promise<void> {
  const { url, stop } = await startLocalPostgres({ dir: join(dataDir, "postgres"), database: "registration", log });
  await act(url);
  await stop();
}

beforeAll(() => change((databaseUrl) => migrate({ databaseUrl, log })));

const damage = (sql: string) =>
  change(async (connectionString) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(sql);
    await client.end();
  });

/** A process that starts the services, says whether that failed, and ends only if nothing holds it. */
const script = `
  import { parseEnv } from "./platform/env";
  import { createLog } from "./platform/log";
  import { startServices } from "./start";
  await startServices(parseEnv(process.env), createLog("silent")).catch(({ message }) => console.log(message));
`;

async function start(): Promise<string> {
  const child = spawn(process.execPath, [await compileScript(script, import.meta.dirname)], {
    cwd: join(import.meta.dirname, ".."),
    env: {
      ...process.env,
      DATABASE_URL: "",
      DATA_DIR: dataDir,
      ADMIN_EMAIL: "admin@example.com",
      ADMIN_PASSWORD: "administrator-1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return text(child.stdout);
}

// The last step first: the damage stays, and each of the next ones fails before it is met.
test.each([
  ["administrator", `alter table "User" drop column "role" cascade`, /role/],
  ["queue", "drop function pgboss.create_queue", /create_queue/],
  ["migrations", `alter table "_prisma_migrations" rename column "checksum" to "sum"`, /checksum/],
])("a start that fails at the %s leaves nothing running", async (_step, sql, message) => {
  await damage(sql);
  expect(await start()).toMatch(message);
  expect(existsSync(join(dataDir, "postgres/data/postmaster.pid"))).toBe(false);
});

test("a database that stops answering during the start for a moment delays it", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const url = new URL(database.url);
  const gate = await startTcpGate({ host: url.hostname, port: Number(url.port) });
  onTestFinished(() => gate.close());
  url.port = String(gate.port);
  const { connect } = WatchedPool.prototype;
  const spy = vi.spyOn(WatchedPool.prototype, "connect").mockImplementationOnce(function (this: WatchedPool, ...args) {
    gate.hang();
    return connect.apply(this, args);
  });
  onTestFinished(() => spy.mockRestore());
  const told: unknown[] = [];
  const listening = Object.assign(createLog("silent"), {
    error: () => gate.open(),
    warn: (_what: object, message: unknown) => told.push(message),
  });
  const env = parseEnv({ NODE_ENV: "test", DATABASE_URL: url.href, ROLE: "web" });

  const { stop } = await startServices(env, listening);
  await stop();
  expect(told).toContain("the database went away during the start, retrying");
});

test("a command leaves the mails that wait to the site, which may have another mail server", async () => {
  const { db, url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const { id: userId } = await makeUser(db);
  await db.personNotice.create({ data: { userId, kind: "welcome" } });
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());

  const env = parseEnv({ NODE_ENV: "test", DATABASE_URL: url, WELCOME_MAIL: "on" });
  const { stop } = await startForCommand(env, log);
  await vi.advanceTimersByTimeAsync(10_000);
  await stop();
  expect(await db.personNotice.findMany()).toMatchObject([{ state: "pending", attempts: 0 }]);
});
