import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv as readVariables } from "node:util";
import { DockerfileParser } from "dockerfile-ast";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { parseEnv } from "../server/platform/env";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { external } from "./bundle.js";
import { readArguments } from "./portal-arguments";
import { root } from "./run";

const read = (name: string) => readFileSync(join(root, name), "utf8");
const dockerfile = DockerfileParser.parse(read("Dockerfile"));

/** The instructions of the last stage, which is the image that ships. */
function shipped() {
  const instructions = dockerfile.getInstructions();
  const last = instructions.map((each) => each.getInstruction()).lastIndexOf("FROM");
  return instructions.slice(last).map((each) => [each.getInstruction(), each.getArgumentsContent() ?? ""] as const);
}

const argumentsOf = (name: string) => shipped().flatMap(([instruction, text]) => (instruction === name ? [text] : []));

test("the image runs as nobody in particular, checks its health and starts Node itself", () => {
  expect(argumentsOf("USER")).toEqual(["node"]);
  expect(argumentsOf("HEALTHCHECK")[0]).toContain("/healthz");
  expect(JSON.parse(argumentsOf("CMD")[0] ?? "")).toEqual(["node", "build/server/index.js"]);
});

test("the image carries the build and its launcher, and no package tree", () => {
  const copied = argumentsOf("COPY").map((text) => /\/src\/(\S+)/.exec(text)?.[1]);
  expect(copied.sort()).toEqual(["build", "package.json", "tools/launch.js"]);
  expect(existsSync(join(root, "tools/launch.js"))).toBe(true);
  expect(argumentsOf("RUN")).toEqual([]);
});

test("every command of package.json that a production machine needs is in the build", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const launched = Object.values(scripts).flatMap((script) => /--command (\S+)/.exec(script)?.[1] ?? []);
  const sources = readdirSync(join(root, "server/cli/commands")).map((name) => name.replace(/\.ts$/, ""));
  expect(launched.sort()).toEqual(sources.sort());
});

test("every command that the operations name for containers is in the build", () => {
  const named = [...read("docs/operations.md").matchAll(/--command (\S+)/g)].map((match) => match[1]);
  const sources = readdirSync(join(root, "server/cli/commands")).map((name) => name.replace(/\.ts$/, ""));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !sources.includes(name ?? ""))).toEqual([]);
});

test("a restore in containers is by an image of the sources that then run, and leaves containers behind that run", () => {
  const blocks = [...read("docs/operations.md").matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = ""]) => block);
  const restoring = blocks.filter((block) => /docker compose run .*--command restore/.test(block));
  expect(restoring.length).toBe(2);
  for (const block of restoring) {
    expect(block).toMatch(/docker compose build\n(.*\n)*docker compose run .*\ndocker compose up --detach\n$/);
    // It knows no container on another machine, and the earlier image's only on this one.
    expect(block).not.toContain("docker compose start");
  }
});

test("the nightly backup's unit removes old backups, with what killed ones have left", () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const old = new Date(Date.now() - 20 * 86_400_000);
  for (const name of ["1.backup", "2.backup.unfinished-77", "notes.txt"]) {
    writeFileSync(join(folder, name), "");
    utimesSync(join(folder, name), old, old);
  }
  writeFileSync(join(folder, "3.backup"), "");
  const [, find = ""] = /^ExecStartPost=(.+)$/m.exec(read("docs/operations/registration-backup.service")) ?? [];
  spawnSync("/bin/sh", ["-c", find.replace("/var/backups/registration", folder)]);
  expect(readdirSync(folder).sort()).toEqual(["3.backup", "notes.txt"]);
});

test("the followed way back restores the newest backup, by its whole path, and knows none before there is one", () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const [line = ""] = /^ *BACKUP=.+$/m.exec(read("tools/follow-operations.sh")) ?? [];
  const script = `set -euo pipefail\n${line.replace("/var/backups/registration", folder)}\necho "[$BACKUP]"`;
  const named = () => spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trim();
  expect(named()).toBe("[]");
  for (const name of ["2026-11-26-172834.backup", "2026-11-27-010000.backup", "2026-11-27-020000.backup.unfinished-77"])
    writeFileSync(join(folder, name), "");
  expect(named()).toBe(`[${join(folder, "2026-11-27-010000.backup")}]`);
});

interface Locked {
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
}

test("after npm ci --omit=dev there is what Node loads beside the bundle, and no tool that a package drags in", () => {
  const { dependencies, optionalDependencies } = JSON.parse(read("package.json"));
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
  const installed = Object.entries(packages).filter(([path, { dev }]) => path && !dev);
  const named = installed.map(([path]) => path.replace("node_modules/", ""));
  expect(Object.keys(dependencies)).toEqual(external);
  // The packages themselves and their parts for other machines, of which one is installed.
  const expected = [...external, ...Object.keys(optionalDependencies)];
  expect(named.filter((name) => !expected.some((each) => name === each || name.startsWith(`${each}-`)))).toEqual([]);
  // With --omit=optional as well, the databases' programs stay away.
  const needed = installed.filter(([, { optional }]) => !optional).map(([path]) => path);
  expect(needed).toEqual(external.map((name) => `node_modules/${name}`));
});

test("a release of a package never makes the lock file wrong: none is asked for by a tag", () => {
  const { overrides } = JSON.parse(read("package.json")) as { overrides: Record<string, string> };
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { dependencies?: Record<string, string> }>;
  };
  const asked = Object.entries(packages).flatMap(([path, { dependencies = {} }]) =>
    Object.entries(dependencies).map(([name, range]) => ({ path, name, range: overrides[name] ?? range })),
  );
  expect(asked.length).toBeGreaterThan(500);
  expect(asked.filter(({ range }) => /^[a-z][a-z-]+$/.test(range))).toEqual([]);
});

interface Service {
  env_file?: { path: string; required: boolean }[];
  ports?: string[];
  stop_grace_period?: string;
  environment?: Record<string, string>;
  build?: { target: string };
  command?: string[];
  profiles?: string[];
}

const needed = { SESSION_SECRET: "4f1c9a7e2b8d40365a1e7c9b3d5f80246a8c1e3b5d7f9024" };

/** As compose fills in what is set, and the defaults of the rest, from the inside out. */
function filled(value: string, set: Record<string, string> = {}): string {
  const next = value.replace(
    /\$\{(\w+):?[-?]([^${}]*)\}/g,
    (_, name: string, otherwise: string) => ({ ...needed, ...set })[name] ?? otherwise,
  );
  return next === value ? value : filled(next, set);
}

test("compose starts site and worker with settings that the start accepts", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  const reference = read("docs/reference.md");
  const stages = dockerfile.getFROMs().map((from) => from.getBuildStage());
  for (const name of ["site", "worker"]) {
    const service = services[name] as Service;
    const environment = Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([key, value]) => [key, filled(String(value))]),
    );
    const env = parseEnv({ ...environment, NODE_ENV: "production" });
    expect(env.ROLE).toBe(name === "site" ? "web" : "worker");
    for (const key of Object.keys(environment)) expect(reference).toContain(`\`${key}\``);
    expect(stages).toContain(service.build?.target);
  }
});

test("compose gives every setting of .env to site and worker, but for what the containers themselves decide", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  const decided = ["PORT", "HOST", "DATABASE_URL", "ROLE"];
  for (const name of ["site", "worker"]) {
    const { env_file, environment = {} } = services[name] as Service;
    expect(env_file).toEqual([{ path: ".env", required: false }]);
    // What stands here wins over the file: it is what the containers decide, or the file's own value with a default.
    for (const [key, value] of Object.entries(environment))
      if (!decided.includes(key)) expect(String(value)).toMatch(new RegExp(`^\\$\\{${key}:?[-?]`));
  }
  expect(services.site?.environment).toMatchObject({ PORT: "3000", HOST: "0.0.0.0" });
  const [published = ""] = services.site?.ports ?? [];
  expect(filled(published)).toBe("127.0.0.1:3000:3000");
  expect(published).toContain("PORT");
});

test("compose's site says in its mails where it is published, also at another port", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  for (const set of [{}, { PORT: "8080" }] as Record<string, string>[]) {
    const address = new URL(filled(services.site?.environment?.APP_URL ?? "", set));
    expect(filled(services.site?.ports?.[0] ?? "", set)).toBe(`127.0.0.1:${address.port}:3000`);
  }
});

test("compose moves the deal of a payment where .env names no stage", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  for (const name of ["site", "worker"])
    expect(filled(services[name]?.environment?.BITRIX24_PAID_STAGE_ID ?? "")).toBe("WON");
});

test("compose lets a stop last as long as systemd does", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  for (const name of ["site", "worker"]) {
    const unit = read(`docs/operations/registration-${name === "site" ? "web" : "worker"}.service`);
    expect(services[name]?.stop_grace_period).toBe(`${/TimeoutStopSec=(\d+)/.exec(unit)?.[1]}s`);
  }
});

test("compose's stand-in portal answers to the address by which the site knows it, and sends its events there", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  const webhook = new URL(filled(services.site?.environment?.BITRIX24_WEBHOOK_URL ?? ""));
  const started = readArguments((services.portal?.command ?? []).map((argument) => filled(argument)));
  expect(started).toMatchObject({ host: "0.0.0.0", port: Number(webhook.port), names: [webhook.hostname] });
  const [first] = started?.options.webhooks ?? [];
  expect(webhook.pathname).toBe(`/rest/${first?.userId}/${first?.secret}/`);
  expect(started?.options.events?.url).toBe("http://site:3000/api/bitrix24/events");
});

test(".env.example works as it is, and names no setting that does not exist", () => {
  const text = read(".env.example");
  const env = parseEnv({ ...readVariables(text), NODE_ENV: "production" } as Record<string, string>);
  const offered = [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
  for (const name of offered)
    expect(Object.hasOwn(env, name as string) || read("docs/reference.md").includes(`\`${name}\``)).toBe(true);
});

test("the secret of .env.example is refused where others can reach the site", () => {
  const variables = {
    ...readVariables(read(".env.example")),
    APP_URL: "https://register.example.com",
    NODE_ENV: "production",
  };
  expect(() => parseEnv(variables as Record<string, string>)).toThrow("is the one of .env.example");
});

test("the settings of the environment are all described", () => {
  const reference = read("docs/reference.md");
  // NAMED is no setting: it tells which ones were set.
  const known = Object.keys(parseEnv({})).filter((name) => name !== "NODE_ENV" && name !== "NAMED");
  expect(known.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
});

test("the forge's workflow runs the documented commands on every supported Node", () => {
  const { jobs } = parse(read(".github/workflows/ci.yml"));
  expect(jobs.test.strategy.matrix.node).toEqual([20, 22, 24]);
  expect(jobs.test.steps.map((step: { run?: string }) => step.run).filter(Boolean)).toEqual(["npm ci", "npm test"]);
});

interface FormPart {
  type: string;
  id?: string;
  attributes: { label?: string; value?: string; options?: string[] };
}

const issueForms = readdirSync(join(root, ".github/ISSUE_TEMPLATE")).filter((name) => name !== "config.yml");

test.each(issueForms)("the forge's issue form %s is one that forges show", (name) => {
  const form = parse(read(`.github/ISSUE_TEMPLATE/${name}`)) as { name: string; description: string; body: FormPart[] };
  expect(form.name && form.description).toBeTruthy();
  const asked = form.body.filter(({ type }) => type !== "markdown");
  for (const { type, id, attributes } of asked) {
    expect(["input", "textarea", "dropdown", "checkboxes"], id).toContain(type);
    expect(attributes.label, id).toBeTruthy();
    expect(type !== "dropdown" || (attributes.options?.length ?? 0) > 1, id).toBe(true);
  }
  const ids = asked.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain(undefined);
});
