import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { selfSigned } from "../server/test/certificate";
import { compileFile } from "../server/test/compile";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { readArguments } from "./portal-arguments";
import { root } from "./run";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

const program = () => compileFile(join(root, "tools/portal.ts"));

interface Program {
  child: ChildProcess;
  url: string;
  webhook: string;
}

/** Starts the program on a free port, and waits until it says where it is. */
async function run(...args: string[]): Promise<Program> {
  const child = spawn(process.execPath, [await program(), "--port", "0", ...args], { cwd: root });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  await expect.poll(() => said).toContain("Ctrl-C ends it");
  const after = (word: string) => new RegExp(`${word} +(\\S+)`).exec(said)?.[1] ?? "";
  return { child, url: after("Page"), webhook: after("Webhook") };
}

async function stop({ child }: Program): Promise<number | null> {
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

/** What it writes and how it ends where it cannot begin. */
async function refused(...args: string[]): Promise<{ code: number | null; words: string }> {
  const child = spawn(process.execPath, [await program(), ...args], { cwd: root });
  let words = "";
  child.stderr.on("data", (text) => {
    words += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, words };
}

const add = async (webhook: string, method: string, fields: object) => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${webhook}${method}.json`, { method: "POST", headers, body: JSON.stringify({ fields }) });
  return { status: answer.status, body: (await answer.json()) as { result?: number; error?: string } };
};

const stateOf = async ({ url }: Program) =>
  (await (await fetch(`${url}/control/state`)).json()) as { now: number; preset: string };
const timeOf = async (program: Program) => new Date((await stateOf(program)).now).toISOString();

test("the portal alone keeps its data, is of the kind and time it was told, and ends when asked", async () => {
  const data = join(folder, "kept");
  const options = ["--data", data, "--preset", "ordinary", "--clock", "2026-12-24T18:00Z", "--secret", "my-key"];
  const first = await run(...options);
  expect(first.webhook).toBe(`${first.url}/rest/1/my-key/`);
  expect(await add(first.webhook, "crm.deal.add", { TITLE: "T" })).toMatchObject({ body: { result: 7001 } });
  expect((await add(first.webhook, "crm.deal.add", { SOURCE_ID: "NOWHERE" })).status).toBe(400);
  expect((await stateOf(first)).preset).toBe("ordinary");
  expect(await timeOf(first)).toMatch(/^2026-12-24T18:/);
  expect(await stop(first)).toBe(0);
  expect(readdirSync(data)).toEqual(["portal.json"]);

  const second = await run(...options);
  expect(await add(second.webhook, "crm.deal.add", { TITLE: "U" })).toMatchObject({ body: { result: 7002 } });
  expect(await timeOf(second)).toMatch(/^2026-12-24T18:/);
  await fetch(`${second.url}/control/reset`, { method: "POST" });
  expect(await timeOf(second)).toMatch(/^2026-12-24T18:/);
  expect(await stop(second)).toBe(0);
});

test("a second portal on the same data refuses, and one that was killed leaves the folder free", async () => {
  const data = join(folder, "shared");
  const first = await run("--data", data);
  const second = await refused("--port", "0", "--data", data);
  expect(second).toEqual({
    code: 1,
    words: `A portal runs on ${data} already, and two would write over each other's data. End it, or give another --data.\n`,
  });
  await add(first.webhook, "crm.deal.add", { TITLE: "T" });
  await expect.poll(() => readFileSync(join(data, "portal.json"), "utf8")).toContain('"title":"T"');
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const third = await run("--data", data);
  expect(await stop(third)).toBe(0);
  expect(readdirSync(data)).toEqual(["portal.json"]);
});

test("a folder that cannot be written, and a port in use, are told in one sentence", async () => {
  const file = join(folder, "no-folder");
  writeFileSync(file, "");
  const unwritable = await refused("--port", "0", "--data", file);
  expect(unwritable).toMatchObject({
    code: 1,
    words: expect.stringMatching(/^The portal's data cannot be kept in .*EEXIST.*\n$/),
  });
  const { url } = await run();
  const taken = await refused("--port", new URL(url).port);
  expect(taken).toMatchObject({
    code: 1,
    words: expect.stringMatching(/^The portal could not start: .*EADDRINUSE.*\n$/),
  });
});

test("the portal speaks https for clients that take nothing else, and its page works there", async () => {
  const { key, cert } = selfSigned();
  writeFileSync(join(folder, "key.pem"), key);
  writeFileSync(join(folder, "cert.pem"), cert);
  const program = await run("--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem"));
  expect(program.url).toMatch(/^https:/);
  const status = (url: string, options: object = {}) =>
    new Promise((resolve, reject) => {
      request(url, { rejectUnauthorized: false, ...options }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });
  expect(await status(`${program.webhook}profile`)).toBe(200);
  expect(await status(`${program.url}/heal`, { method: "POST", headers: { origin: program.url } })).toBe(303);
  await stop(program);
});

test("what it cannot make sense of is told with what it takes", async () => {
  const { code, words } = await refused("--preset", "old");
  expect(code).toBe(2);
  expect(words).toContain("--preset has to be one of: lenient, ordinary");
  expect(words).toContain("--data ./portal-data");
});

const settingsFile = join(folder, "settings.json");
writeFileSync(settingsFile, JSON.stringify({ required: { deal: ["companyId"] }, language: "ru" }));
const wrongFile = join(folder, "wrong.json");
writeFileSync(wrongFile, JSON.stringify({ requird: {} }));

test.each([
  [["--port", "70000"], "--port"],
  [["--port", "x"], "--port"],
  [["--clock", "soon"], "--clock"],
  [["--speed", "0"], "--speed"],
  [["--language", "de"], "--language"],
  [["--events", "localhost"], "--events"],
  [["--secret", "a/b"], "--secret"],
  [["--cert", "a.pem"], "--key"],
  [["--settings", wrongFile], "There is no setting requird"],
  [["--color", "red"], "color"],
  [["here"], "here"],
])("%j is refused", (args, words) => {
  expect(() => readArguments(args)).toThrow(words);
});

test("arguments are read with what they mean", () => {
  expect(readArguments([])).toMatchObject({ port: 3024, host: "127.0.0.1", names: [], options: {} });
  const args = ["--settings", settingsFile, "--language", "en", "--speed", "60", "--name", "portal", "--name", "crm"];
  expect(readArguments(args)).toMatchObject({
    names: ["portal", "crm"],
    options: { required: { deal: ["companyId"] }, language: "en", clockSpeed: 60 },
  });
  expect(readArguments(["--events", "http://site/hook", "--token", "T"])?.options).toMatchObject({
    events: { url: "http://site/hook", token: "T" },
  });
});

test("a file of settings may name the fields that the preset brings", () => {
  const file = join(folder, "contract.json");
  const settings = { required: { deal: ["ufCrmContract"] }, robots: [{ on: "deal", set: { ufCrmContract: "7" } }] };
  writeFileSync(file, JSON.stringify(settings));
  const { options } = readArguments(["--preset", "strict-fields", "--settings", file]);
  expect(options).toMatchObject({ preset: "strict-fields", ...settings });
  expect(() => readArguments(["--settings", file])).toThrow("A deal has no field ufCrmContract");
});

test("an option changes only its own part of what the file of settings says", () => {
  const scopes = ["crm", "im"];
  const events = { url: "http://file/hook", token: "F", delayMs: 500, names: ["ONCRMDEALADD"] };
  const webhooks = [
    { userId: 2, secret: "first", scopes },
    { userId: 3, secret: "second", scopes },
  ];
  const file = join(folder, "events.json");
  writeFileSync(file, JSON.stringify({ events, webhooks }));
  const optionsWith = (...args: string[]) => readArguments(["--settings", file, ...args]).options;
  expect(optionsWith("--events", "http://site/hook", "--token", "T", "--secret", "mine")).toEqual({
    events: { ...events, url: "http://site/hook", token: "T" },
    webhooks: [{ userId: 2, secret: "mine", scopes }, webhooks[1]],
  });
  expect(optionsWith("--token", "T")).toEqual({ events: { ...events, token: "T" }, webhooks });
});
