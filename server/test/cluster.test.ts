import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../database/embedded/is-alive";
import { makeTestFolder, removeTestFolder, startTestCluster } from "./cluster";

test("a run removes what a killed one left: its server and its folder", async () => {
  const script = `
    import { makeTestFolder } from ${JSON.stringify(join(import.meta.dirname, "cluster.ts"))};
    console.log(makeTestFolder());
    setInterval(() => {}, 1000);
  `;
  const killed = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script]);
  const [said] = await once(killed.stdout, "data");
  const folder = String(said).trim();
  expect(existsSync(folder)).toBe(true);
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const cluster = await startTestCluster();
  expect(existsSync(folder)).toBe(false);
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
