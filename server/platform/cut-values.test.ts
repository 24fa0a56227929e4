import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv as readVariables } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { compileScript } from "../test/compile";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { cutValues } from "./cut-values";

test.each([
  ["a colour", "SITE_ACCENT=#8a1538"],
  ["a colour after a blank", "SITE_ACCENT= #8a1538"],
  ["a password", "ADMIN_PASSWORD=longpassword1234#more"],
  ["an address", "DATABASE_URL=postgres://app:12#cret@db/app"],
  ["a placeholder after a blank", "BITRIX24_DEAL_TITLE={name} #{number}"],
  ["a value with a comment behind it", "ADMIN_PASSWORD=long#password # of Anna"],
  ["one that a shell may read as well", "  export ADMIN_PASSWORD = long#password"],
])("%s with a # in it that is not in quotes would be cut", (_, text) => {
  const [name = ""] = /[A-Z][A-Z0-9_]+/.exec(text) ?? [];
  // The reader itself cuts it, in silence.
  expect(readVariables(text)[name]).not.toMatch(/#/);
  expect(cutValues(`PORT=3000\r\n${text}\r\nHOST=127.0.0.1\r\n`)).toEqual([name]);
});

test.each([
  ["a value in quotes", `A="12#34"\nB='#8a1538' # the brand's\nC=\`a#b\``],
  ["a value in quotes over several lines", `A="first\nB=1#2\nlast"\nC=3`],
  ["a comment behind a value", "A=3000 # the port\nB=on\t## so\nC=3000 #"],
  ["a comment in the place of a value", "A= # not yet\nB=# not yet\nC=#"],
  ["a value that a later line replaces", `A=#8a1538\nB=1\nA="#8a1538"`],
  ["a line that is a comment", "# A=1#2\n  #B=1#2\n#"],
])("%s is left as it is", (_, text) => {
  expect(cutValues(text)).toEqual([]);
});

test.each([".env.example", "docs/operations/registration.env"])("no value of %s is cut", (name) => {
  expect(cutValues(readFileSync(join(import.meta.dirname, "../..", name), "utf8"))).toEqual([]);
});

test("a start refuses its file's values that would be cut and take effect, names them beside the bad ones and shows none", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const file = join(folder, "site.env");
  writeFileSync(
    file,
    "PORT=many\nSITE_ACCENT=#8a1538\nADMIN_EMAIL=anna@example.com\nADMIN_PASSWORD=short#more\nPOSTGRES_PASSWORD=a#b\nSITE_NAME=A#b\n",
  );
  const program = await compileScript(`import { readEnv } from "./env"; readEnv();`, import.meta.dirname);
  const { status, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    // What the process was given wins over the file.
    env: { NODE_ENV: "test", PATH: process.env.PATH, ENV_FILE: file, SITE_NAME: "Courses", LOG_LEVEL: "loud" },
  });
  expect(status).toBe(1);
  const words =
    "put the value into quotes, or what follows its # is left out; a comment has a blank on both sides of its #";
  expect(stderr.trim().split("\n")).toEqual([
    "The environment is not valid:",
    `  SITE_ACCENT: ${words}`,
    `  ADMIN_PASSWORD: ${words}`,
    "  PORT: expected a number",
    "  LOG_LEVEL: expected one of: fatal, error, warn, info, debug, trace, silent",
  ]);
});

test("a file that cannot be read is named alone, without the settings that stand in it", async () => {
  const program = await compileScript(`import { readEnv } from "./env"; readEnv();`, import.meta.dirname);
  const { status, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: { NODE_ENV: "production", PATH: process.env.PATH, ENV_FILE: "/nowhere/site.env" },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^The environment is not valid:\n {2}ENV_FILE: ENOENT[^\n]*\n$/);
});
