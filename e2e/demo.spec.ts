import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "../server/local-postgres/free-port";
import { makeTestFolder, removeTestFolder } from "../server/test/cluster";
import { root } from "../tools/run";

// What `npm run demo` promises, on ports and in a folder of its own.

interface Demo {
  process: ChildProcess;
  output: string;
  site: string;
  portal: string;
}

async function startDemo(dataDir: string): Promise<Demo> {
  const [PORT, PORTAL_PORT] = await Promise.all([freePort(), freePort()]);
  const child = spawn(process.execPath, ["--import", "tsx", "tools/demo.ts"], {
    cwd: root,
    env: { ...process.env, PORT: String(PORT), PORTAL_PORT: String(PORTAL_PORT), DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const demo = {
    process: child,
    output: "",
    site: `http://localhost:${PORT}`,
    portal: `http://127.0.0.1:${PORTAL_PORT}`,
  };
  child.stdout.on("data", (text) => {
    demo.output += text;
  });
  await expect.poll(() => demo.output, { timeout: 60_000 }).toContain("Ctrl-C ends all of it");
  return demo;
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

test("the demo answers, and everything it started ends with it, killed or asked @stack @desktop", async () => {
  test.setTimeout(120_000);
  const folder = makeTestFolder();
  const dataDir = join(folder, "data");
  const running = async ({ site, portal }: Demo) => {
    const database = Number(readFileSync(join(dataDir, "postgres/port"), "utf8"));
    return Promise.all([Number(new URL(site).port), Number(new URL(portal).port), database].map(isOpen));
  };
  const demos: Demo[] = [];
  try {
    const first = await startDemo(dataDir);
    demos.push(first);
    expect((await fetch(`${first.site}/register`)).status).toBe(200);
    expect((await fetch(first.portal)).status).toBe(200);
    expect(await running(first)).toEqual([true, true, true]);
    const credentials = /admin@example\.com +(\S+)/.exec(first.output)?.[1];
    expect(credentials).toHaveLength(12);

    first.process.kill("SIGKILL");
    await expect.poll(() => running(first), { timeout: 20_000 }).toEqual([false, false, false]);

    const second = await startDemo(dataDir);
    demos.push(second);
    expect(second.output).toContain(credentials);

    second.process.kill("SIGINT");
    const [code] = await once(second.process, "exit");
    expect(code).toBe(0);
    expect(await running(second)).toEqual([false, false, false]);
  } finally {
    for (const { process: child } of demos) child.kill("SIGKILL");
    removeTestFolder(folder);
  }
});
