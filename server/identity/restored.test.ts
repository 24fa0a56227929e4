import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import { restoreBackup } from "../backup/restore";
import { writeBackup } from "../backup/write";
import { setPaid } from "../payments/payments";
import { resumeQueue } from "../queue/pause";
import { alertMails } from "../test/alerts";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { admin } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { answerIdentity } from "./answer";
import { readIdentity } from "./view";

const folder = makeTestFolder();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => removeTestFolder(folder));

let files = 0;
const newFile = () => join(folder, String(files++));

/** A process of an installation, whose worker runs until the test ends or it is stopped. */
async function open(server: PortalServer, database: TestDatabase): Promise<CrmHarness & { stop(): Promise<void> }> {
  const crm = await createCrmHarness({ server, database, env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const worker = crm.newWorker();
  worker.start();
  closers.push(crm.close);
  return { ...crm, stop: () => worker.stop() };
}

async function begin() {
  const server = await startPortal({ limits: { bucket: 0 } });
  const database = await createTestDatabase();
  closers.push(server.close, database.drop);
  return { server, database };
}

const synced = ({ services }: CrmHarness, people: number) =>
  expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(people);
const held = ({ portal }: PortalServer) =>
  structuredClone([...portal.contacts.values(), ...portal.deals.values()]).map(
    (record) => [record.id, record] as const,
  );

/** Each person has one contact and one deal on the portal, found by e-mail. */
async function expectOneEach({ portal, services }: CrmHarness): Promise<void> {
  for (const user of await services.db.user.findMany()) {
    const contacts = [...portal.contacts.values()].filter(({ fm }) => fm.some(({ value }) => value === user.email));
    expect(contacts.map(({ id }) => id)).toEqual([user.bitrix24ContactId]);
    const deals = [...portal.deals.values()].filter(({ contactId }) => contactId === user.bitrix24ContactId);
    expect(deals.map(({ id }) => id)).toEqual([user.bitrix24DealId]);
  }
}

for (const byCommand of [true, false])
  test(`a database that was put back ${byCommand ? "by our command" : "from a dump"} doubles nobody and writes into nobody's records`, async () => {
    const { server, database } = await begin();
    const before = await open(server, database);
    await before.register();
    await synced(before, 1);
    await before.stop();
    // In the backup one person is pending who has been completed since, and two people are missing.
    const waiting = await before.register();
    const file = newFile();
    await writeBackup(database.pool, file);
    const { part } = await database.db.installation.findUniqueOrThrow({ where: { id: 1 } });
    const later = await open(server, database);
    for (const name of ["lost1", "lost2"])
      await later.register({ email: `${name}@example.com`, phone: `+7999000${name.charCodeAt(4)}00` });
    await synced(later, 4);
    await later.stop();
    const lost = held(server).slice();

    await restoreBackup(database.url, file);
    if (!byCommand) {
      await database.db.installation.update({ where: { id: 1 }, data: { part } });
      await database.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: null, pausedAt: null } });
    }
    const after = await open(server, database);
    if (byCommand) await resumeQueue(after.services, { actor: admin });
    // A backup contains no jobs: the sweep creates them again.
    await after.services.queue.ensure("crm-registration", [waiting], 0);
    for (const name of ["new1", "new2", "new3"])
      await after.register({ email: `${name}@example.com`, phone: `+7999111${name.charCodeAt(3)}00` });
    await synced(after, 5);
    await expectOneEach(after);
    expect(server.portal.deals.size).toBe(7);
    const now = new Map(held(server));
    for (const [id, record] of lost) expect(now.get(id)).toEqual(record);
    expect((await after.services.db.user.findUniqueOrThrow({ where: { id: waiting } })).bitrix24DealId).not.toBeNull();
  });

test("a database that is older than what it has made passes the numbers over that were given before", async () => {
  const { server, database } = await begin();
  const before = await open(server, database);
  await before.register();
  await synced(before, 1);
  const file = newFile();
  await writeBackup(database.pool, file);
  const { part } = await database.db.installation.findUniqueOrThrow({ where: { id: 1 } });
  const lost = [await before.register(), await before.register()];
  await synced(before, 3);
  await before.stop();
  await restoreBackup(database.url, file);
  await database.db.installation.update({ where: { id: 1 }, data: { part } });
  await database.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: null, pausedAt: null } });
  const after = await open(server, database);
  await expect
    .poll(async () => (await database.db.installation.findUniqueOrThrow({ where: { id: 1 } })).part)
    .not.toBe(part);
  expect(await after.register()).toBeGreaterThan(Math.max(...lost));
  expect((await readIdentity(after.services)).question).toBeNull();
});

const attemptedAt = new Date("2026-01-01T00:00:00Z");

async function copied() {
  const { server, database } = await begin();
  const original = await open(server, database);
  await original.services.db.noticeKind.createMany({ data: [{ kind: "welcome" }, { kind: "responsible" }] });
  const person = await original.register();
  await synced(original, 1);
  const file = newFile();
  await writeBackup(database.pool, file);
  const webhook = { url: "https://example.com/", events: ["payment.changed"], sealedSecret: "sealed", createdById: 1 };
  await original.services.db.webhook.create({ data: webhook });
  const notices = ["welcome", "responsible"].map((kind) => ({ userId: person, kind }));
  await original.services.db.personNotice.createMany({ data: notices });
  const copyDatabase = await createTestDatabase();
  closers.push(copyDatabase.drop);
  await restoreBackup(copyDatabase.url, file);
  // As in a copy that was made by other means; one message may have arrived.
  await copyDatabase.db.webhook.create({ data: webhook });
  await copyDatabase.db.personNotice.createMany({
    data: notices.map((notice) => (notice.kind === "responsible" ? { ...notice, attempts: 1, attemptedAt } : notice)),
  });
  // It was put off after an attempt that failed.
  await copyDatabase.db.alertMessage.create({
    data: { channel: "mail", items: [{ kind: "late" }], nextAttemptAt: new Date("2100-01-01T00:00:00Z") },
  });
  const copy = await open(server, copyDatabase);
  await resumeQueue(copy.services, { actor: admin });
  await expect.poll(async () => (await readIdentity(copy.services)).question?.kind).toBe("database");
  return { server, original, copy, person };
}

test("a copy beside an installation that is still in use sends new registrations and leaves earlier records alone until an administrator has answered", async () => {
  const { server, original, copy, person } = await copied();
  const before = held(server);
  await setPaid(copy.services, { actor: admin, userId: person, isPaid: true, origin: "page" });
  await copy.register({ email: "copy@example.com", phone: "+79992220000" });
  await original.register({ email: "original@example.com", phone: "+79993330000" });
  await synced(copy, 2);
  await synced(original, 2);
  const now = new Map(held(server));
  for (const [id, record] of before) expect(now.get(id)).toEqual(record);
  expect((await alertMails(copy)).filter(({ subject }) => subject.includes("moved or copied"))).toHaveLength(1);
  expect(await copy.services.db.webhook.count({ where: { disabledAt: null } })).toBe(0);
  expect(await original.services.db.webhook.count({ where: { disabledAt: null } })).toBe(1);
  // The original mails its people and tells those responsible for them.
  const ended = { userId: person, state: "failed", error: "RESTORED" };
  expect(await copy.services.db.personNotice.findMany({ orderBy: { kind: "desc" } })).toMatchObject([
    { ...ended, kind: "welcome", attemptedAt: expect.any(Date) },
    { ...ended, kind: "responsible", attemptedAt },
  ]);
  expect(await original.services.db.personNotice.count({ where: { error: "RESTORED" } })).toBe(0);
  expect(await original.services.db.personNotice.count()).toBe(2);
  expect(await copy.services.db.alertMessage.count({ where: { items: { equals: [{ kind: "late" }] } } })).toBe(0);

  await answerIdentity(copy.services, { actor: admin, answer: "copy" });
  await copy.register({ email: "copy2@example.com", phone: "+79992220001" });
  await synced(copy, 3);
  const user = await copy.services.db.user.findUniqueOrThrow({ where: { id: person } });
  expect([user.bitrix24ContactId, user.bitrix24DealId]).toEqual([null, null]);
  expect(await copy.services.db.earlierRecord.count({ where: { userId: person } })).toBe(1);
  for (const [id, record] of before) expect(new Map(held(server)).get(id)).toEqual(record);
  expect(server.portal.deals.size).toBe(4);
});

test("a database that was moved continues with its records once an administrator has confirmed the move", async () => {
  const { server, original, copy, person } = await copied();
  await original.stop();
  await setPaid(copy.services, { actor: admin, userId: person, isPaid: true, origin: "page" });
  await answerIdentity(copy.services, { actor: admin, answer: "restored" });
  const { bitrix24DealId } = await copy.services.db.user.findUniqueOrThrow({ where: { id: person } });
  await expect.poll(() => server.portal.deals.get(bitrix24DealId ?? 0)?.stageId).toBe("WON");
  expect(server.portal.deals.size).toBe(1);
  const { comparing, question } = await readIdentity(copy.services);
  expect([comparing, question]).toEqual([false, null]);
});
