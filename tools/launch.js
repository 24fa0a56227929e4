import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

// Plain JavaScript, so that it can say in one sentence what is missing where the development dependencies are not
// installed. `node tools/launch.js FILE.ts …` runs a tool; `node tools/launch.js --command NAME …` runs a command of the
// product, from its source where it can and from the build elsewhere.

const root = resolve(import.meta.dirname, "..");
const [first = "", second = "", ...rest] = process.argv.slice(2);
const isCommand = first === "--command";
const hasTools = existsSync(resolve(root, "node_modules/tsx")) && existsSync(resolve(root, "node_modules/vite"));
const built = resolve(root, `build/cli/${second}.js`);

if (hasTools && isCommand) {
  const generated = await run(["--import", "tsx", resolve(root, "tools/generate.ts")]);
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
 * @returns {Promise<number>}
 */
function run(args) {
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  return new Promise((done) => {
    child.on("exit", (code) => done(code ?? 1));
  });
}
