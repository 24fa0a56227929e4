import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../database/migrate";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { dueWebhooks } from "../webhooks/deliveries";
import { BackupFileError } from "./format";
import { readOccupied } from "./occupied";
import { checkBackup } from "./read";
import { restoreBackup } from "./restore";
import { readTables } from "./tables";
import { writeBackup } from "./write";

const log = createLog("silent");
const folder = makeTestFolder();
let source: TestDatabase;
beforeAll(async () => {
  source = await createTestDatabase();
});
afterAll(async () => {
  await source.drop();
  removeTestFolder(folder);
});

let files = 0;
const newFile = () => join(folder, `backup-${files++}`);

/** Everything that the database holds, as text; without the part of the mark and the pause, which restoring changes. */
async function contentOf({ pool }: TestDatabase): Promise<Record<string, unknown[]>> {
  const client = await pool.connect();
  try {
    const content: Record<string, unknown[]> = {};
    for (const { name } of await readTables(client)) {
      if (name === "Installation" || name === "CrmPortal") continue;
      const { rows } = await client.query(`select t::text as row from "${name}" t order by 1`);
      content[name] = rows.map(({ row }) => row);
    }
    return content;
  } finally {
    client.release();
  }
}

const odd = "a\tb\\n \\. «ё» \u2028 \u{1F600} 'x' \"y\"";

async function restored(file: string, use: (database: TestDatabase) => Promise<void>): Promise<void> {
  const target = await createTestDatabase();
  try {
    await target.pool.end();
    await restoreBackup(target.url, file);
    const again = { ...target, ...(await reopen(target.url)) };
    await use(again);
    await again.db.$disconnect();
    await again.pool.end();
  } finally {
    await target.drop().catch(() => {});
  }
}

async function reopen(url: string) {
  const { createDb, createPool } = await import("../database/db");
  const pool = createPool(url, log, 2);
  return { pool, db: createDb(pool) };
}

test("a backup brings back every table as it was, letter for letter, and new rows get new ids", async () => {
  const user = await makeUser(source.db, { firstName: odd, source: odd, isPaid: true, paidAt: new Date() });
  await source.db.attribution.create({ data: { userId: user.id, first: { utm_source: odd }, last: { at: "x" } } });
  await source.db.importRun.create({
    data: { digest: "d", content: Buffer.from([0, 10, 13, 92, 255]), actorKind: "SYSTEM", rows: 1 },
  });
  const before = await contentOf(source);
  const file = newFile();
  const rows = await writeBackup(source.pool, file);
  expect(rows.User).toBe(await source.db.user.count());
  await restored(file, async (target) => {
    expect(await contentOf(target)).toEqual(before);
    const next = await makeUser(target.db, {});
    expect(next.id).toBeGreaterThan(user.id);
    expect(await target.db.crmPortal.findUnique({ where: { id: 1 }, select: { pausedBy: true } })).toEqual({
      pausedBy: "admin",
    });
    expect((await migrate({ databaseUrl: target.url, log })).applied).toEqual([]);
  });
});

test("a restored database uses a new external id for what it creates on the portal", async () => {
  await source.db.installation.upsert({
    where: { id: 1 },
    create: { id: 1, part: "before" },
    update: { part: "before" },
  });
  const file = newFile();
  await writeBackup(source.pool, file);
  await restored(file, async ({ db }) => {
    const { part } = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
    expect(part).not.toBe("before");
    expect(part).toMatch(/^\w{12}$/);
  });
});

test("a restored database sends to no webhook until an administrator has switched it on", async () => {
  const since = new Date("2026-01-02T03:04:05Z");
  const webhook = { url: "https://example.com/", events: ["payment.changed"], sealedSecret: "sealed", createdById: 1 };
  await source.db.webhook.create({ data: { ...webhook, deliveries: { create: { event: "webhook.test" } } } });
  await source.db.webhook.create({ data: { ...webhook, disabledAt: since } });
  const file = newFile();
  await writeBackup(source.pool, file);
  await source.db.webhook.deleteMany();
  await restored(file, async ({ db }) => {
    expect(await db.webhookDelivery.count({ where: { state: "pending" } })).toBe(1);
    const times = (await db.webhook.findMany({ orderBy: { id: "asc" } })).map(({ disabledAt }) => disabledAt);
    expect(times).toEqual([expect.any(Date), since]);
    expect(await dueWebhooks({ db })).toEqual([]);
  });
});

test("a restored database tells nothing of the troubles that the original had", async () => {
  const alert = { kind: "queue", facts: { code: "INVALID_CREDENTIALS" } };
  await source.db.alert.create({ data: { ...alert, cause: "queue", dueAt: new Date(0) } });
  await source.db.alert.create({ data: { ...alert, cause: "told", toldAt: new Date(0) } });
  const told = { alertedCode: "INVALID_CREDENTIALS", alertedField: "TITLE", alertedAt: new Date(), waitAlert: 2 };
  await source.db.crmPortal.update({ where: { id: 1 }, data: told });
  const file = newFile();
  await writeBackup(source.pool, file);
  await source.db.alert.deleteMany();
  await restored(file, async ({ db }) => {
    expect(await db.alert.count()).toBe(0);
    expect(await db.crmPortal.findUnique({ where: { id: 1 } })).toMatchObject({
      alertedCode: null,
      alertedStep: null,
      alertedField: null,
      alertedAt: null,
      waitAlert: 0,
      pausedBy: "admin",
    });
  });
});

test("mails and messages about people that waited at the time of the backup are not sent from a restored database, since they were sent", async () => {
  const { id: userId } = await makeUser(source.db);
  await source.db.personNotice.createMany({
    data: [
      { userId, kind: "welcome", state: "sent" },
      { userId, kind: "manager" },
      { userId, kind: "responsible", attempts: 1, error: "INSUFFICIENT_SCOPE", receiver: 2 },
    ],
  });
  await source.db.alertMessage.createMany({
    data: [
      { channel: "mail", items: [] },
      { channel: "mail", items: [], state: "sent" },
    ],
  });
  const file = newFile();
  await writeBackup(source.pool, file);
  await source.db.personNotice.deleteMany();
  await source.db.alertMessage.deleteMany();
  const ended = { userId, state: "failed", error: "RESTORED", attemptedAt: expect.any(Date) };
  await restored(file, async ({ db }) => {
    expect(await db.personNotice.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { userId, kind: "welcome", state: "sent" },
      { ...ended, kind: "manager" },
      { ...ended, kind: "responsible", receiver: 2 },
    ]);
    expect(await db.alertMessage.findMany()).toMatchObject([{ state: "sent" }]);
  });
});

test("no link for a new password or another address comes back with a backup, since its owner may have ended it; one that proves the present address does", async () => {
  const { id: userId, email } = await makeUser(source.db);
  const link = (purpose: string, to: string) => ({ id: `${purpose} of ${userId}`, userId, purpose, email: to });
  const expiresAt = new Date(Date.now() + 86_400_000);
  await source.db.passwordReset.create({ data: { id: `reset of ${userId}`, userId, expiresAt } });
  await source.db.emailConfirmation.createMany({
    data: [link("confirm", email), link("change", "intruder@example.com")].map((row) => ({
      ...row,
      codeHash: "hash",
      expiresAt,
    })),
  });
  const file = newFile();
  await writeBackup(source.pool, file);
  await source.db.passwordReset.deleteMany();
  await source.db.emailConfirmation.deleteMany();
  await restored(file, async ({ db }) => {
    expect(await db.passwordReset.count()).toBe(0);
    expect(await db.emailConfirmation.findMany({ select: { purpose: true, email: true } })).toEqual([
      { purpose: "confirm", email },
    ]);
  });
});

test("a backup that is made while people register holds one moment", async () => {
  let stopped = false;
  const registering = (async () => {
    while (!stopped)
      await source.db.$transaction(async (tx) => {
        const { id } = await makeUser(tx as never, {});
        await tx.attribution.create({ data: { userId: id } });
      });
  })();
  const file = newFile();
  const rows = await writeBackup(source.pool, file);
  stopped = true;
  await registering;
  const lines = gunzipSync(readFileSync(file)).toString().split("\n");
  expect(JSON.parse(lines.at(-2) ?? "").rows).toEqual(rows);
  await restored(file, async ({ db }) => {
    expect(await db.user.count()).toBe(rows.User);
    expect(await db.attribution.count()).toBe(rows.Attribution);
  });
});

test("what is no backup, is cut or was changed is refused, and nothing is restored from it", async () => {
  const file = newFile();
  await makeUser(source.db, { firstName: "Original" });
  await writeBackup(source.pool, file);
  const text = gunzipSync(readFileSync(file)).toString();
  const damaged: [name: string, bytes: Buffer][] = [
    ["empty", Buffer.alloc(0)],
    ["no gzip", Buffer.from("hello")],
    ["another file", gzipSync("hello\n")],
    ["cut in its compressed bytes", readFileSync(file).subarray(0, -20)],
    ["without its last line", gzipSync(text.split("\n").slice(0, -2).join("\n"))],
    ["changed", gzipSync(text.replace("Original", "Forged!!"))],
    ["of a newer release", gzipSync(text.replace(/"migrations":\["/, '"migrations":["29990101000000_later","'))],
  ];
  for (const [name, bytes] of damaged) {
    const bad = newFile();
    writeFileSync(bad, bytes);
    const target = await createTestDatabase();
    const { id } = await makeUser(target.db, {});
    await expect(restoreBackup(target.url, bad), name).rejects.toBeInstanceOf(BackupFileError);
    expect(await target.db.user.count({ where: { id } }), name).toBe(1);
    await target.drop();
  }
  await expect(checkBackup(join(folder, "nowhere"))).rejects.toBeInstanceOf(BackupFileError);
});

test("a backup that cannot be written leaves nothing under its name", async () => {
  const file = join(folder, "missing-folder", "backup");
  await expect(writeBackup(source.pool, file)).rejects.toThrow();
  expect(readdirSync(folder).filter((name) => name.includes("unfinished"))).toEqual([]);
});

test("a database with users, or one that is in use, says so before it is overwritten", async () => {
  await makeUser(source.db);
  const inUse = await source.pool.connect();
  const { users, usedBy } = await readOccupied(source.url);
  inUse.release();
  expect(users).toBeGreaterThan(0);
  expect(usedBy.length).toBeGreaterThan(0);
});
