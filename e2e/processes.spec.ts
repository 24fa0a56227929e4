import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import { freePort } from "../server/database/embedded/free-port";
import { ifAbandoned } from "../server/platform/if-abandoned";
import { claimPort } from "../server/test/claim-port";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { root } from "../tools/run";

// However the site is started and told to end: it takes its embedded database with it.

interface Site {
  port: number;
  databaseRuns(): boolean;
  start(command: string, args: string[], env?: Record<string, string>): ChildProcess;
  ready(): Promise<void>;
}

const built = ["build/server/index.js"];

const test = base.extend<{ site: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
  site: async ({}, use) => {
    const dataDir = makeTestFolder();
    const port = await claimPort();
    const children: ChildProcess[] = [];
    const noted: (() => void)[] = [];
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await use({
      port,
      databaseRuns: () => existsSync(join(dataDir, "postgres/data/postmaster.pid")),
      start: (command, args, env = {}) => {
        const child = spawn(command, args, {
          cwd: root,
          env: {
            ...process.env,
            NODE_ENV: "production",
            HOST: "127.0.0.1",
            APP_URL: `http://127.0.0.1:${port}`,
            PORT: String(port),
            DATABASE_URL: "",
            DATA_DIR: dataDir,
            SESSION_SECRET: "a-secret-that-only-these-tests-use",
            BITRIX24_WEBHOOK_URL: "http://127.0.0.1:9/rest/1/nobody/",
            LOG_LEVEL: "error",
            ...env,
          },
          stdio: ["ignore", "inherit", "inherit"],
          // A group of its own, so that nothing of a failed test stays.
          detached: true,
        });
        children.push(child);
        noted.push(ifAbandoned('kill -KILL "-$1"', [String(child.pid)]));
        return child;
      },
      ready: () => expect.poll(isReady).toBe(true),
    });
    for (const { pid } of children) killGroup(pid);
    for (const ended of noted) ended();
    removeTestFolder(dataDir);
  },
});

function killGroup(pid = 0): void {
  try {
    if (pid > 0) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended, as it should.
  }
}

test("processes that npm start has started end with npm", { tag: ["@stack", "@desktop"] }, async ({ site }) => {
  const npm = site.start("npm", ["start", "--silent"]);
  await site.ready();
  expect(site.databaseRuns()).toBe(true);

  npm.kill("SIGTERM");
  await once(npm, "exit");
  await expect.poll(site.databaseRuns).toBe(false);
  expect(await freePort(site.port)).toBe(site.port);
});

test("the server with hot reload ends at a signal, and its database before it", {
  tag: ["@stack", "@desktop"],
}, async ({ site }) => {
  const server = site.start(process.execPath, ["--import", "tsx", "server/dev.ts"], { NODE_ENV: "development" });
  await site.ready();
  expect(site.databaseRuns()).toBe(true);

  server.kill("SIGTERM");
  expect((await once(server, "exit"))[0]).toBe(0);
  expect(site.databaseRuns()).toBe(false);
});

test("a signal during the start is not lost, nor cuts it off halfway", { tag: ["@stack", "@desktop"] }, async ({
  site,
}) => {
  const server = site.start(process.execPath, built);
  await expect.poll(site.databaseRuns, { intervals: [5] }).toBe(true);

  server.kill("SIGTERM");
  expect((await once(server, "exit"))[0]).toBe(0);
  expect(site.databaseRuns()).toBe(false);
});

test("a port in use ends the start, and the database with it", { tag: ["@stack", "@desktop"] }, async ({ site }) => {
  const other = createServer().listen(site.port, "127.0.0.1");
  await once(other, "listening");
  const server = site.start(process.execPath, built, { LOG_LEVEL: "silent" });
  expect((await once(server, "exit"))[0]).toBe(1);
  expect(site.databaseRuns()).toBe(false);
  other.close();
});
