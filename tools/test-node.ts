import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readGiven } from "../server/cli/usage";
import { endWith } from "./last-words";
import { root, run } from "./run";

/**
 * `npm run test:node -- 22 24`: `npm test` with each of these versions of Node, which come as packages of npm. Names of test
 * files after the versions run those alone; options of Vitest stand behind a second `--`.
 */
const isVersion = (word: string) => /^\d+(\.\d+){0,2}$/.test(word);
const { versions, files } = readGiven("Usage: npm run test:node -- VERSION … [FILE …] [-- OPTION …]", (args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const versions = positionals.filter(isVersion);
  if (versions.length === 0) throw new Error("Say which versions of Node, such as 22 24.");
  return { versions, files: positionals.filter((word) => !isVersion(word)) };
});
const platform = process.platform === "win32" ? "win" : process.platform;

/** The program of a version, installed where no other tool looks. */
async function install(version: string): Promise<string> {
  const name = `node-${platform}-${process.arch}`;
  const folder = resolve(root, "node_modules/.cache/node-versions", version);
  const program = join(folder, "node_modules", name, process.platform === "win32" ? "bin/node.exe" : "bin/node");
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  if ((await run("npm", [...args, `${name}@${version}`])) !== 0 || !existsSync(program))
    throw new Error(`Node ${version} could not be installed: npm has no package ${name}@${version} for this machine.`);
  return program;
}

async function testWith(version: string): Promise<number> {
  const program = await install(version);
  // What the tests start by name, such as npm, finds the same Node.
  const env = { PATH: `${dirname(program)}${delimiter}${process.env.PATH}` };
  await run(program, ["--version"]);
  return files.length > 0
    ? run(program, [resolve(root, "node_modules/vitest/vitest.mjs"), "run", ...files], { env })
    : run(program, ["--import", "tsx", resolve(root, "tools/test.ts")], { env });
}

const verdicts: string[] = [];
for (const version of versions) {
  console.log(`\n── Node ${version}`);
  const code = await testWith(version).catch((error: Error) => {
    console.error(error.message);
    return 1;
  });
  verdicts.push(`${code === 0 ? "ok    " : "FAILED"}  Node ${version}`);
}
endWith(`\n${verdicts.join("\n")}`, verdicts.every((verdict) => verdict.startsWith("ok")) ? 0 : 1);
