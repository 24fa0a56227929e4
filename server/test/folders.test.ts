import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../database/embedded/is-alive";
import { startTestCluster } from "./cluster";
import { compileScript } from "./compile";
import { makeTestFolder, removeTestFolder } from "./folders";

const product = (path: string) => JSON.stringify(join(import.meta.dirname, path));

/** A process that says something and then does nothing. */
async function start(script: string): Promise<{ child: ChildProcess; said: string }> {
  const program = await compileScript(`${script}\nsetInterval(() => {}, 1000);`, import.meta.dirname);
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
}

test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
  "a run ended by %s leaves neither server nor folder",
  async (signal) => {
    const { child, said } = await start(`
    import { startTestCluster } from ${product("cluster.ts")};
    import pg from "pg";
    const { url } = await startTestCluster();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("show data_directory");
    console.log(url, rows[0].data_directory);
  `);
    const [url = "", data = ""] = said.split(" ");
    expect(existsSync(data)).toBe(true);
    child.kill(signal);
    await once(child, "exit");
    const listens = () =>
      fetch(`http://127.0.0.1:${new URL(url).port}`).then(
        () => true,
        // Whatever PostgreSQL says to HTTP, it says something.
        (error: Error & { cause?: { code?: string } }) => error.cause?.code !== "ECONNREFUSED",
      );
    await expect.poll(listens).toBe(false);
    await expect.poll(() => existsSync(dirname(dirname(data)))).toBe(false);
  },
);

test("a killed process's folder is removed, whatever lies in it", async () => {
  const { child, said: folder } = await start(`
    import { makeTestFolder } from ${product("folders.ts")};
    import { mkdirSync, writeFileSync } from "node:fs";
    const folder = makeTestFolder();
    mkdirSync(folder + "/with space/deep", { recursive: true });
    writeFileSync(folder + "/with space/deep/postmaster.pid", "${process.pid}\\n");
    console.log(folder);
  `);
  expect(existsSync(folder)).toBe(true);
  child.kill("SIGKILL");
  await expect.poll(() => existsSync(folder)).toBe(false);
  // The number in the file was another process's: this one.
  expect(isAlive(process.pid)).toBe(true);
});

test("a run removes what one left that was killed together with its watcher", async () => {
  const dead = spawn(process.execPath, ["--eval", ""]);
  await once(dead, "exit");
  const ours = makeTestFolder();
  onTestFinished(() => removeTestFolder(ours));
  const abandoned = join(dirname(ours), `registration-test-${dead.pid}-left`);
  mkdirSync(abandoned);
  writeFileSync(join(abandoned, "file"), "");

  const cluster = await startTestCluster();
  expect(existsSync(abandoned)).toBe(false);
  await cluster.stop();
});

test("a run spares what a living one uses", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  expect(isAlive(process.pid)).toBe(true);

  const cluster = await startTestCluster();
  expect(existsSync(folder)).toBe(true);
  await cluster.stop();
  expect(existsSync(folder)).toBe(true);
});
