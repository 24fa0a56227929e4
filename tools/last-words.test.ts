import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { compileScript } from "../server/test/compile";

// Far more than a pipe holds, so that the reader is always behind.
const script = `
  import { endWith } from "./last-words";
  console.log("line\\n".repeat(200_000));
  endWith("7 passed, 1 failed", 3);
  setInterval(() => {}, 1000);
`;

test("a run's last line arrives, however slowly what is before it is read, and its exit code with it", async () => {
  const run = spawn(process.execPath, [await compileScript(script, import.meta.dirname)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void run.kill("SIGKILL"));
  const [said, [code]] = await Promise.all([text(run.stdout), once(run, "exit")]);
  expect(said.slice(-25)).toBe("line\n\n7 passed, 1 failed\n");
  expect(code).toBe(3);
});
