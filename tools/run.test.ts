import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../server/database/embedded/is-alive";
import { compileScript } from "../server/test/compile";

// A child that heeds no polite request, as one that hangs.
const stubborn = `process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000);`;
const script = `
  import { run } from "./run";
  await run(process.execPath, ["--eval", ${JSON.stringify(stubborn)}]);
`;

test.each(["SIGTERM", "SIGKILL"] as const)("what a tool has started ends with it by %s", async (signal) => {
  const tool = spawn(process.execPath, [await compileScript(script, import.meta.dirname)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void tool.kill("SIGKILL"));
  const [said] = await once(tool.stdout, "data");
  const child = Number(String(said).trim());
  expect(isAlive(child)).toBe(true);
  tool.kill(signal);
  await expect.poll(() => isAlive(child)).toBe(false);
});
