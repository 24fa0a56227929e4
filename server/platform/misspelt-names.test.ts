import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compileScript } from "../test/compile";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { envChecks } from "./env";
import { misspeltNames } from "./misspelt-names";

const known = Object.keys(envChecks);

test.each([
  ["RETAIN_UNPAID_DAY", "RETAIN_UNPAID_DAYS"],
  ["BITRIX24_PRODUCTID", "BITRIX24_PRODUCT_ID"],
  ["BITRIX24_WEBHOOK", "BITRIX24_WEBHOOK_URL"],
  ["DATABASE_URI", "DATABASE_URL"],
  ["TIMEZONE", "TIME_ZONE"],
  ["ERASE_IN_CMR", "ERASE_IN_CRM"],
  ["SESION_SECRET", "SESSION_SECRET"],
])("%s is told as %s misspelt", (name, meant) => {
  expect(misspeltNames([name], known)).toEqual([{ name, meant }]);
});

test("settings themselves and what other programs keep in the environment are nothing to tell", () => {
  const others = [
    ...["PATH", "HOME", "HOSTNAME", "LANG", "TZ", "PWD", "SHLVL", "TERM", "USER", "LOGNAME", "MAIL", "EDITOR", "CI"],
    ...["NODE_OPTIONS", "NODE_VERSION", "YARN_VERSION", "npm_config_cache", "npm_lifecycle_event", "INIT_CWD"],
    ...["POSTGRES_PASSWORD", "POSTGRES_USER", "PGHOST", "ENV_FILE", "OTEL_EXPORTER_OTLP_HEADERS", "REPOSITORY"],
    ...["INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "KUBERNETES_SERVICE_HOST", "SSH_AUTH_SOCK"],
  ];
  expect(misspeltNames([...known, ...others], known)).toEqual([]);
});

test("a command says so of the environment and of its file, without the value, and goes on", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const file = join(folder, "site.env");
  writeFileSync(file, "BITRIX24_PRODUCTID=77\nPOSTGRES_PASSWORD=x\n");
  const program = await compileScript(`import { readEnv } from "./env"; readEnv();`, import.meta.dirname);
  const { status, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    env: { NODE_ENV: "test", PATH: process.env.PATH, ENV_FILE: file, RETAIN_UNPAID_DAY: "365" },
  });
  expect(status).toBe(0);
  expect(stderr.trim().split("\n").sort()).toEqual([
    "BITRIX24_PRODUCTID is no setting and has no effect: is BITRIX24_PRODUCT_ID meant?",
    "RETAIN_UNPAID_DAY is no setting and has no effect: is RETAIN_UNPAID_DAYS meant?",
  ]);
});
