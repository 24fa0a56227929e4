import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

// Plain JavaScript, so that it can say in one sentence what is missing where the development dependencies are not
// installed. `node tools/launch.js FILE.ts …` runs a tool; `node tools/launch.js --command NAME …` runs a command of the
// product, from its source where it can and from the build elsewhere.

const root = resolve(import.meta.dirname, "..");
const [first = "", second = "", ...rest] = process.argv.slice(2);
const stderr = 2;
const isCommand = first === "--command";
const hasTools = existsSync(resolve(root, "node_modules/tsx")) && existsSync(resolve(root, "node_modules/vite"));
const built = resolve(root, `build/cli/${second}.js`);

if (hasTools && isCommand) {
  // What a command writes to stdout may be a file: `npm run --silent admin -- export EMAIL > FILE`.
  const generated = await run(["--import", "tsx", resolve(root, "tools/generate.ts")], stderr);
  process.exit(
    generated || (await run(["--import", "tsx", resolve(root, `server/cli/commands/${second}.ts`), ...rest])),
  );
}
if (hasTools) process.exit(await run(["--import", "tsx", resolve(root, first), second, ...rest].filter(Boolean)));
if (isCommand && existsSync(built)) process.exit(await run([built, ...rest]));

console.error(
  isCommand
    ? "Neither a build nor the development dependencies are here: run `npm ci --include=dev && npm run build` first."
    : "The development dependencies are not installed, as happens with NODE_ENV=production: run `npm ci --include=dev` first.",
);
process.exit(1);

/**
 * Ends as the child ends. Signals of the terminal reach the child by themselves; those sent to this process are passed on.
 * @param {string[]} args
 * @param {number} [output]
 * @returns {Promise<number>}
 */
function run(args, output = 1) {
  const child = spawn(process.execPath, args, { stdio: ["inherit", output, "inherit"] });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  const ended = endWithThis(child.pid ?? 0);
  return new Promise((done) => {
    child.on("exit", (code) => {
      ended();
      done(code ?? 1);
    });
  });
}

/**
 * Ends the child if this process is killed by SIGKILL, which it cannot pass on: a shell waits for a word from this process
 * and takes the end of the pipe without one for its death. server/platform/if-abandoned.ts does the same for TypeScript.
 * @param {number} pid
 */
function endWithThis(pid) {
  if (process.platform === "win32") return () => {};
  const politelyFirst =
    'kill -TERM "$1"; for s in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$1" || exit; done; kill -KILL "$1"';
  const guard = spawn("/bin/sh", ["-c", `read -r said && exit 0\n${politelyFirst}`, "sh", String(pid)], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Where there is no shell the child is not ended, and all else works.
  guard.on("error", () => {});
  guard.stdin.on("error", () => {});
  guard.unref();
  return () => void guard.stdin.end("done\n");
}
