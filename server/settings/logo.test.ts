import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { logoPicture } from "../http/logo-picture";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { logoOf } from "../platform/logo";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { jpeg, png, webp } from "../test/pictures";
import { newestChange, settingsHistory, undoSettings } from "./change";
import { removeLogo, setLogo } from "./logo";
import { openSettings, type Settings } from "./settings";

let database: TestDatabase;
let actor: Actor;
const open: Settings[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
});

afterEach(async () => {
  for (const settings of open.splice(0)) await settings.stop();
  await database.db.setting.deleteMany();
  await database.db.settingChange.deleteMany();
  await database.db.picture.deleteMany();
});

afterAll(() => database.drop());

async function start(env: Record<string, string> = {}) {
  const log = createLog("silent");
  const settings = await openSettings({ db: database.db, log, env: parseEnv(env) }, { follow: false });
  open.push(settings);
  return { db: database.db, env: settings.env, settings };
}

type Site = Awaited<ReturnType<typeof start>>;
const upload = async (site: Site, bytes: Uint8Array) => setLogo(site, { actor, bytes, seen: await newestChange(site) });
const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("an uploaded picture is the logo, with its size, in the history and the audit", async () => {
  const site = await start();
  const bytes = png(120, 40);
  const set = await upload(site, bytes);
  expect(set).toMatchObject({ changes: { logo: { from: null } } });
  expect(logoOf(site.env.SITE_LOGO)).toEqual({ src: `/logo/${digestOf(bytes)}`, width: 120, height: 40 });
  expect((await settingsHistory(site))[0]).toMatchObject({ ...set, undoable: true });
  expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
    action: "settings.change",
    details: { keys: "logo" },
  });
});

test("a logo that was replaced or removed comes back with its bytes when that is undone", async () => {
  const site = await start();
  const [first, second] = [png(120, 40), webp(60, 60)];
  await upload(site, first);
  await upload(site, second);
  await removeLogo(site, { actor, seen: await newestChange(site) });
  expect(site.env.SITE_LOGO).toBeUndefined();
  await undoSettings(site, { actor, id: await newestChange(site) });
  expect(logoOf(site.env.SITE_LOGO)?.src).toBe(`/logo/${digestOf(second)}`);
  // Again after it was undone: one row for the same picture.
  await upload(site, first);
  expect(logoOf(site.env.SITE_LOGO)?.src).toBe(`/logo/${digestOf(first)}`);
  expect(await database.db.picture.count()).toBe(2);
});

test("a refused picture is not kept and changes nothing", async () => {
  const site = await start();
  expect(await upload(site, png(3_000, 40))).toEqual({
    fault: { code: "sides", width: 3_000, height: 40 },
  });
  expect(await upload(site, new Uint8Array(Buffer.from("<svg/>")))).toEqual({ fault: { code: "svg" } });
  expect(await database.db.picture.count()).toBe(0);
  expect(await database.db.settingChange.count()).toBe(0);
});

test("a logo of the environment is locked, and a change that was not seen is not overwritten", async () => {
  const locked = await start({ SITE_LOGO: `${"ab".repeat(32)};120x40` });
  expect(logoOf(locked.env.SITE_LOGO)).toMatchObject({ width: 120, height: 40 });
  await expect(upload(locked, png(10, 10))).rejects.toMatchObject({ code: "INVALID" });
  const site = await start();
  await upload(site, png(10, 10));
  await expect(setLogo(site, { actor, bytes: jpeg(20, 20), seen: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
});

test("the database takes no picture under a digest that is not its own", async () => {
  const data = { digest: "ab".repeat(32), type: "image/png", bytes: png(10, 10) as Uint8Array<ArrayBuffer> };
  await expect(database.db.picture.create({ data })).rejects.toThrow();
});

test("the picture is served for ever as what it is, and may do nothing; any other address is not found", async () => {
  const site = await start();
  const app = express().all("/logo/:digest", logoPicture(site));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logo/`;
  try {
    for (const [bytes, type] of [
      [png(12, 4), "image/png"],
      [jpeg(12, 4), "image/jpeg"],
      [webp(12, 4), "image/webp"],
    ] as const) {
      await upload(site, bytes);
      const answer = await fetch(base + digestOf(bytes));
      expect(answer.status).toBe(200);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-type": type,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringContaining("default-src 'none'"),
      });
      const head = await fetch(base + digestOf(bytes), { method: "HEAD" });
      expect([head.status, head.headers.get("content-type")]).toEqual([200, type]);
    }
    for (const unknown of ["ab".repeat(32), digestOf(png(12, 4)).toUpperCase(), "x", "..%2f..", "%00"]) {
      const answer = await fetch(base + unknown);
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([404, "no-store"]);
    }
    expect((await fetch(base + digestOf(png(12, 4)), { method: "POST" })).status).toBe(405);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});
