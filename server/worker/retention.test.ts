import { join } from "node:path";
import { afterAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { restoreBackup } from "../backup/restore";
import { writeBackup } from "../backup/write";
import { createDb, createPool } from "../database/db";
import { migrate } from "../database/migrate";
import { retentionWait } from "../identity/retention-wait";
import { pauseQueue, resumeQueue } from "../queue/pause";
import { type CrmHarness, startCrm } from "../test/crm";
import { createTestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { askIdentity } from "../test/identity";
import { createEmptyDatabase } from "../test/template";
import { Maintenance } from "./maintenance";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

let crm: CrmHarness;
beforeEach(async () => {
  crm = await startCrm({
    env: { EMAIL_CONFIRMATION: "optional", RETAIN_UNCONFIRMED_DAYS: "30", RETAIN_UNPAID_DAYS: "30" },
  });
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
/** Due by both periods. */
const due = () => ({ createdAt: daysAgo(40), confirmationSentAt: daysAgo(40), passwordHash: "x" });
const isErased = async (id: number) =>
  (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).erasedAt !== null;
const restoredAt = (at: Date, pausedBy: string | null = null) =>
  crm.services.db.crmPortal.update({ where: { id: 1 }, data: { restoredAt: at, pausedBy } });

test("a restored database erases nobody by a period until the queue was resumed and the portal was compared", async () => {
  const { db } = crm.services;
  const admin = await makeAdmin(db);
  const person = await makeUser(db, { ...due(), bitrix24DealId: 7_001 });
  await db.reconcileRun.create({ data: { startedAt: daysAgo(2), finishedAt: daysAgo(2) } });
  await restoredAt(daysAgo(1), "admin");
  await new Maintenance(crm.services).runDue();
  expect(await isErased(person.id)).toBe(false);

  await resumeQueue(crm.services, { actor: admin });
  const { id } = await db.reconcileRun.create({ data: {} });
  await new Maintenance(crm.services).runDue();
  expect([await isErased(person.id), await retentionWait(crm.services)]).toEqual([false, "restored"]);

  await db.reconcileRun.update({ where: { id }, data: { finishedAt: new Date() } });
  await new Maintenance(crm.services).runDue();
  expect(await isErased(person.id)).toBe(true);
});

test("without a deal that could be compared the resumed queue is enough, and a later pause changes nothing", async () => {
  const { db } = crm.services;
  const admin = await makeAdmin(db);
  await restoredAt(daysAgo(1), "admin");
  expect(await retentionWait(crm.services)).toBe("restored");
  await resumeQueue(crm.services, { actor: admin });
  expect(await retentionWait(crm.services)).toBeNull();
  await db.reconcileRun.create({ data: { finishedAt: new Date() } });
  await pauseQueue(crm.services, { actor: admin });
  expect(await retentionWait(crm.services)).toBeNull();
});

test("who confirmed after the backup has the whole time again, since the restored database cannot know it", async () => {
  const { db } = crm.services;
  const person = await makeUser(db, { ...due(), createdAt: daysAgo(20) });
  await restoredAt(daysAgo(29));
  await new Maintenance(crm.services).runDue();
  expect(await isErased(person.id)).toBe(false);
  await restoredAt(daysAgo(31));
  await new Maintenance(crm.services).runDue();
  expect(await isErased(person.id)).toBe(true);
});

test("nobody is erased by a period while a question about the portal or the database is open", async () => {
  const { db } = crm.services;
  const installation = (data: object) => db.installation.update({ where: { id: 1 }, data });
  await askIdentity(db, "database");
  expect(await retentionWait(crm.services)).toBe("question");
  await db.$executeRaw`update "Installation" set question = null, "questionAt" = null`;
  expect(await retentionWait(crm.services)).toBeNull();

  // What an answer has begun.
  const { id } = await db.reconcileRun.create({ data: {} });
  await installation({ compareFirst: id });
  expect(await retentionWait(crm.services)).toBe("question");
  await db.reconcileRun.update({ where: { id }, data: { finishedAt: new Date() } });
  expect(await retentionWait(crm.services)).toBeNull();

  await installation({ home: "1/1" });
  expect(await retentionWait(crm.services)).toBe("moved");
});

test("a restore is noted in the database that it fills, also with the backup of a release that did not", async () => {
  const early = await createTestDatabase();
  onTestFinished(() => early.drop());
  await early.pool.query(`
    alter table "CrmPortal" drop column "restoredAt";
    delete from _prisma_migrations where migration_name = '20261127095930_restored_at'`);
  const file = join(folder, "early.backup");
  await writeBackup(early.pool, file);
  const target = await createEmptyDatabase(inject("template"));
  onTestFinished(() => target.drop());
  await restoreBackup(target.url, file);
  const { applied } = await migrate({ databaseUrl: target.url, log: crm.services.log });
  expect(applied).toEqual(["20261127095930_restored_at"]);
  const pool = createPool(target.url, crm.services.log, 1);
  onTestFinished(() => pool.end());
  const db = createDb(pool);
  expect(await db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).toMatchObject({
    restoredAt: expect.any(Date),
    pausedBy: "admin",
  });
});
