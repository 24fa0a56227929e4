import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileFile } from "../server/test/compile";
import { demoSettings, passedToSite, unheededSettings, usage } from "./demo-environment";
import { root } from "./run";

test("limits and the token of the metrics reach the demo's site, and nothing of a real installation does", () => {
  const env = {
    RATE_LIMIT_REGISTER: "0",
    RATE_LIMIT_LOGIN: "0",
    METRICS_TOKEN: "m".repeat(16),
    BITRIX24_WEBHOOK_URL: "https://portal.example/rest/1/key/",
    DATABASE_URL: "postgres://real/crm",
  };
  expect(passedToSite(env)).toEqual({
    RATE_LIMIT_REGISTER: "0",
    RATE_LIMIT_LOGIN: "0",
    METRICS_TOKEN: "m".repeat(16),
  });
});

test("settings that the demo does not heed are named, without their values", () => {
  const line = unheededSettings({
    ADMIN_PASSWORD: "secret words of the owner",
    BITRIX24_PRODUCT_ID: "5",
    RATE_LIMIT_LOGIN: "0",
    PORT: "4000",
    NODE_ENV: "test",
    ROLE: " ",
    PATH: "/bin",
  });
  expect(line).toBe("The demo does not heed BITRIX24_PRODUCT_ID, ADMIN_PASSWORD: npm start does.");
});

test("nothing is said where every setting has its effect", () => {
  expect(unheededSettings({ PORT: "4000", METRICS_TOKEN: "m".repeat(16), HOME: "/home" })).toBeNull();
});

test("a blank variable counts as unset, and blanks around a value as none", () => {
  const unset = demoSettings({});
  expect(unset).toMatchObject({ host: "127.0.0.1", dataDir: "data", ports: { site: 3000, portal: 3024, mail: 3025 } });
  const names = ["HOST", "DATA_DIR", "LOG_LEVEL", "TIME_ZONE", "PORT", "PORTAL_PORT", "MAIL_PORT"];
  for (const blank of ["", " ", "\t"])
    expect(demoSettings(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(unset);
  const env = {
    HOST: " 0.0.0.0",
    DATA_DIR: "demo ",
    LOG_LEVEL: " debug ",
    TIME_ZONE: "Europe/Moscow ",
    PORT: " 4000 ",
  };
  expect(demoSettings(env)).toEqual({
    host: "0.0.0.0",
    dataDir: "demo",
    logLevel: "debug",
    timeZone: "Europe/Moscow",
    ports: { ...unset.ports, site: 4000 },
  });
});

test("a port is a number that a port can have, or the demo does not begin", () => {
  for (const name of ["PORT", "PORTAL_PORT", "MAIL_PORT"])
    for (const port of ["many", "70000", "-1", "3000.5"])
      expect(() => demoSettings({ [name]: port })).toThrow(`  ${name}: expected `);
});

test("the demo tells of all bad values in one message and ends with 1, before it begins anything", async () => {
  const program = await compileFile(join(root, "tools/demo.ts"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      PORT: "abc",
      LOG_LEVEL: "loud",
      TIME_ZONE: "MSK",
      PORTAL_PORT: "70000",
      METRICS_TOKEN: "short",
      HOST: " ",
    },
  });
  expect([status, stdout]).toEqual([1, ""]);
  const [head, ...lines] = stderr.trim().split("\n");
  expect(head).toBe("The environment is not valid:");
  expect(lines.map((line) => /^ {2}(\w+): expected /.exec(line)?.[1]).sort()).toEqual([
    "LOG_LEVEL",
    "METRICS_TOKEN",
    "PORT",
    "PORTAL_PORT",
    "TIME_ZONE",
  ]);
});

test("the command tells of every variable that it heeds", () => {
  const heeded = [
    "PORT",
    "HOST",
    "PORTAL_PORT",
    "MAIL_PORT",
    "DATA_DIR",
    "LOG_LEVEL",
    "TIME_ZONE",
    "RATE_LIMIT_REGISTER",
  ];
  for (const name of [...heeded, "RATE_LIMIT_LOGIN", "METRICS_TOKEN"])
    expect(usage).toMatch(new RegExp(`\\b${name}\\b`));
});
