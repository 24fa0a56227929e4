import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { compileFile } from "../test/compile";

const root = resolve(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** The project's own programs among the commands of package.json, with what these give them; the others are tools of others. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, entry = "", given = ""] =
    /node (?:--import tsx|tools\/launch\.js) ((?:--command )?\S+)(.*)$/.exec(script) ??
    /^node (build\/server\S+)()$/.exec(script) ??
    [];
  const path = entry
    .replace(/^--command (.*)/, "server/cli/commands/$1.ts")
    .replace("build/server/index.js", "server/index.ts");
  return path ? [{ name, path, given: given.trim().split(" ").filter(Boolean) }] : [];
});

async function run({ name, path, given }: (typeof commands)[number], ...args: string[]) {
  // Of the site's start, the pages are there after a build only.
  const program = name === "start" ? ["--import", "tsx", path] : [await compileFile(join(root, path))];
  const child = spawn(process.execPath, [...program, ...given, ...args], {
    cwd: root,
    // Nothing of a machine's own, so that a command that went on would find no database.
    env: { NODE_ENV: "test", PATH: process.env.PATH, DATABASE_URL: "postgres://127.0.0.1:1/none" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], output, errors] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code, output, errors };
}

test("all commands of the project are looked at", () => {
  expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(["demo", "test", "start", "admin", "soak"]));
});

test.each(commands)(
  "npm run $name tells of a mistyped option in one sentence, and how it is called",
  async (command) => {
    const { code, output, errors } = await run(command, "--mistyped");
    expect(errors).toMatch(/^[^\n]*--mistyped[^\n]*[.]\nUsage: npm /);
    expect(errors).not.toMatch(/^\s+at /m);
    expect({ code, output }).toEqual({ code: 2, output: "" });
  },
);

test.each(commands)("npm run $name says how it is called if asked", async (command) => {
  const { code, output, errors } = await run(command, "--help");
  expect(output).toMatch(/^Usage: npm /);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
});

test.each([
  ["test", ["--shard", "1/x"], "--shard 1/x is no share such as 2/3."],
  ["test", ["--shard"], "Option '--shard <value>' argument missing."],
  ["test", ["--shard", "--shard"], "Option '--shard' argument is ambiguous."],
  ["test:repeat", ["some"], "N=some: expected a whole number from 1."],
  ["test:node", [], "Say which versions of Node, such as 22 24."],
  ["fleet", ["many"], "PEOPLE=many: expected a whole number from 1."],
  ["portal", ["--port", "x"], "--port=x: expected a whole number from 0 to 65535."],
  ["bench", ["sped"], "No such benchmark: sped."],
  ["soak", ["--rounds", "ten"], "--rounds=ten: expected a whole number from 1."],
  ["admin", ["create"], "Name the person by e-mail address."],
  ["admin", ["crate", "a@example.com"], "Unknown action crate."],
  ["backup", [], "Say which file to write."],
  ["restore", [], "Say which file to restore."],
  ["import", [], "Say which list to import."],
])("npm run %s says what is wrong with %j", async (name, args, problem) => {
  const command = commands.find((each) => each.name === name);
  const { code, errors } = command ? await run(command, ...args) : { code: null, errors: "" };
  expect(errors.split("\n")[0]).toBe(problem);
  expect(code).toBe(2);
});
