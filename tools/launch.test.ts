import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../server/database/embedded/is-alive";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";

/** A folder with the launcher and one built command, as on a production machine. */
function launch(command: string, args: string[] = []) {
  const folder = makeTestFolder();
  mkdirSync(join(folder, "tools"));
  mkdirSync(join(folder, "build/cli"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  copyFileSync(join(import.meta.dirname, "launch.js"), join(folder, "tools/launch.js"));
  writeFileSync(join(folder, "build/cli/try.js"), command);
  const child = spawn(process.execPath, ["tools/launch.js", "--command", "try", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test.each(["SIGTERM", "SIGHUP", "SIGKILL"] as const)("a command ends with its launcher by %s", async (signal) => {
  const launcher = launch("console.log(process.pid); setInterval(() => {}, 1000);");
  const [said] = await once(launcher.stdout, "data");
  const child = Number(String(said).trim());
  expect(isAlive(child)).toBe(true);
  launcher.kill(signal);
  await expect.poll(() => isAlive(child)).toBe(false);
});

test("a command gets its arguments, and the launcher ends by itself with the command's code", async () => {
  const launcher = launch("console.log(process.argv.slice(2).join()); process.exitCode = 3;", ["one", "two words"]);
  const [[said], [code]] = await Promise.all([once(launcher.stdout, "data"), once(launcher, "exit")]);
  expect(String(said).trim()).toBe("one,two words");
  expect(code).toBe(3);
});

test("what is generated before a command does not mix with what the command writes", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  for (const path of ["tools", "server/cli/commands", "node_modules/vite"])
    mkdirSync(join(folder, path), { recursive: true });
  symlinkSync(join(import.meta.dirname, "../node_modules/tsx"), join(folder, "node_modules/tsx"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  copyFileSync(join(import.meta.dirname, "launch.js"), join(folder, "tools/launch.js"));
  writeFileSync(join(folder, "tools/generate.ts"), 'console.log("generated");');
  writeFileSync(join(folder, "server/cli/commands/try.ts"), 'console.log("{}");');
  const child = spawn(process.execPath, ["tools/launch.js", "--command", "try"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(await Promise.all([text(child.stdout), text(child.stderr)])).toEqual(["{}\n", "generated\n"]);
});
