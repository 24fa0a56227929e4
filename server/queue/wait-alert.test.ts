import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { alertMails } from "../test/alerts";
import { type CrmHarness, createCrmHarness, shortTimeout } from "../test/crm";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { running } from "./circuit-breaker";
import { queueHealth } from "./health";
import { pauseQueue } from "./pause";
import { alertLongWait, watchLongWait } from "./wait-alert";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.user.deleteMany();
  await database.db.alert.deleteMany();
  await database.db.crmPortal.update({
    where: { id: 1 },
    data: { ...running, waitAlert: 0, workerSeenAt: new Date() },
  });
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const waiting = (minutes: number, overrides: Parameters<typeof makeUser>[1] = {}) =>
  makeUser(database.db, { crmPendingSince: ago(minutes), ...overrides });

function newDeps(env: Record<string, string> = {}) {
  const mails: { to: string; subject: string; text: string }[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
  const mail = { send: async (message: (typeof mails)[number]) => mails.push(message) > 0 };
  return { ...database, env: parseEnv({ ALERT_EMAIL: "alerts@example.com", ...env }), log, mail, mails, lines };
}

/** As the leader's maintenance and the sender of alerts do it, one after the other. */
async function look(deps: ReturnType<typeof newDeps>) {
  await alertLongWait(deps);
  await alertMails({ services: deps, mails: deps.mails });
}

test("nobody is told while nobody waits longer than half an hour", async () => {
  const deps = newDeps();
  await waiting(29);
  await waiting(45, { crmState: "SYNCED" });
  await waiting(45, { crmState: "FAILED" });
  await waiting(45, { crmState: "HELD", holds: ["email"] });
  await look(deps);
  expect([...deps.mails, ...deps.lines]).toEqual([]);
});

test("one who waits longer is told of once, by log and mail, whichever process looks first", async () => {
  const [one, two] = [newDeps(), newDeps()];
  await waiting(31);
  await Promise.all([alertLongWait(one), alertLongWait(two), alertLongWait(one)]);
  await look(one);
  await waiting(90);
  await look(two);
  const mails = [...one.mails, ...two.mails];
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({ to: "alerts@example.com", subject: expect.stringContaining("31 min") });
  expect(mails[0]?.text).toContain("/admin/crm");
  expect([...one.lines, ...two.lines]).toMatchObject([{ level: 50, waiting: 1 }]);
});

test("that it is over is told once, and the next wait is told again", async () => {
  const deps = newDeps();
  const { id } = await waiting(31);
  await look(deps);
  await database.db.user.update({ where: { id }, data: { crmState: "SYNCED" } });
  await look(deps);
  await look(deps);
  expect(deps.mails.map(({ subject }) => subject)).toEqual([
    expect.stringContaining("31 min"),
    expect.stringContaining("get through again"),
  ]);
  await waiting(31);
  await look(deps);
  expect(deps.mails).toHaveLength(3);
});

test("a queue that hovers about the limit is told of once", async () => {
  const deps = newDeps();
  const { id } = await waiting(31);
  await waiting(28);
  await look(deps);
  await database.db.user.delete({ where: { id } });
  await look(deps);
  await waiting(31);
  await look(deps);
  expect(deps.mails).toHaveLength(1);
});

test("a registration that is rejected because of its own data hides no outage of all", async () => {
  const deps = newDeps();
  await waiting(40, { crmAttempts: 3, crmError: "CRM_FIELD_ERROR_VALUE_NOT_VALID", crmErrorField: "Phone (PHONE)" });
  await look(deps);
  expect(deps.mails.map(({ text }) => text)).toEqual([expect.stringContaining("Phone (PHONE)")]);
  const { id } = await waiting(31, { crmError: "TIMEOUT" });
  await look(deps);
  expect(deps.mails[1]?.text).toContain("did not answer in time");
  await database.db.user.delete({ where: { id } });
  await look(deps);
  await look(deps);
  expect(deps.mails).toHaveLength(3);
  expect(deps.mails[2]?.text).toContain("1 more");
});

test.each([
  [
    "a queue that was paused by hand and forgotten",
    { pausedBy: "admin", pausedAt: ago(50) },
    "administrator has paused",
  ],
  ["a pause by itself", { pausedBy: "breaker", pauseCode: "PAYMENT_REQUIRED" }, "plan does not include REST"],
  ["no worker", { workerSeenAt: ago(40) }, "ROLE=worker"],
])("the mail says what keeps them: %s", async (_name, state, words) => {
  const deps = newDeps();
  await database.db.crmPortal.update({ where: { id: 1 }, data: state });
  await waiting(31);
  await look(deps);
  expect(deps.mails.map(({ text }) => text)).toEqual([expect.stringContaining(words)]);
});

test("the mail says so where a restored portal is compared first, since no attempt of a registration tells", async () => {
  const deps = newDeps();
  const { id } = await database.db.reconcileRun.create({ data: {} });
  const compareFirst = { compareFirst: id };
  const where = { id: 1 };
  await database.db.installation.upsert({ where, create: { part: "own", ...compareFirst }, update: compareFirst });
  await waiting(31);
  await look(deps);
  await database.db.reconcileRun.deleteMany();
  expect(deps.mails.map(({ text }) => text)).toEqual([expect.stringContaining("compared with the portal first")]);
});

test("a backlog that moves is called that, and no fault", async () => {
  const deps = newDeps();
  await waiting(31);
  await makeUser(database.db, { crmState: "SYNCED", crmSyncedAt: ago(1) });
  await look(deps);
  expect(deps.mails.map(({ text }) => text)).toEqual([expect.stringContaining("than the allowed pace")]);
});

test("nothing personal is in the mail or the log", async () => {
  const deps = newDeps();
  const { email, phone, firstName } = await waiting(31, { crmError: "TIMEOUT" });
  await look(deps);
  const said = JSON.stringify([deps.mails, deps.lines]);
  for (const own of [email, phone, firstName]) expect(said).not.toContain(own);
});

test("the limit is the setting's; 0 switches it off, and without an address the log alone tells", async () => {
  await waiting(6);
  const off = newDeps({ ALERT_WAIT_MINUTES: "0" });
  await look(off);
  expect([...off.mails, ...off.lines]).toEqual([]);
  const short = newDeps({ ALERT_WAIT_MINUTES: "5", ALERT_EMAIL: "" });
  await look(short);
  expect([short.mails.length, short.lines.length]).toEqual([0, 1]);
});

test("registrations that wait too long are counted for the pages and the metrics", async () => {
  await waiting(31);
  await waiting(29);
  expect(await queueHealth(newDeps())).toMatchObject({ pending: 2, overdue: 1, waitLimitMinutes: 30 });
  expect(await queueHealth(newDeps({ ALERT_WAIT_MINUTES: "0" }))).toMatchObject({ overdue: 0, waitLimitMinutes: 0 });
});

test("a process without a worker watches as well, until it ends", async () => {
  const deps = newDeps();
  await waiting(31);
  const stop = watchLongWait(deps, { everyMs: 10 });
  await expect.poll(() => database.db.alert.count()).toBe(1);
  await stop();
});

/** Ways in which the portal may be down for long: no registration loses an attempt, and none gets a mail of its own. */
const outages: [name: string, begin: (crm: CrmHarness) => unknown, words: string][] = [
  ["hanging", ({ portal }) => portal.fail({ kind: "hang" }), "did not answer in time"],
  ["answering 500", ({ portal }) => portal.fail({ kind: "500html" }), "internal error"],
  ["answering 502", ({ portal }) => portal.fail({ kind: "502" }), "internal error"],
  ["cutting connections", ({ portal }) => portal.fail({ kind: "dropBefore" }), "connection broke"],
  ["asking for patience for ever", ({ portal }) => portal.fail({ kind: "html", status: 429 }), "slow down"],
];

let crm: CrmHarness | undefined;
afterEach(async () => {
  await crm?.close();
  crm = undefined;
});

/** An installation with default settings, except for a short quarantine. */
async function startWorker(env: Record<string, string> = {}) {
  crm = await createCrmHarness({ env: { BITRIX24_SETTLE_MS: "1", ...env } });
  return crm;
}

async function registerLate({ register, services }: CrmHarness, count: number) {
  for (let made = 0; made < count; made++) await register();
  await services.db.user.updateMany({ data: { crmPendingSince: ago(60) } });
}

test.each(outages)(
  "a portal that is %s: one alert with the reason, and one when it is over",
  async (name, begin, words) => {
    const { portal, services, mails: all, newWorker } = await startWorker(name === "hanging" ? shortTimeout : {});
    // A web page that persists causes a mail about the pause as well.
    const mails = async () =>
      (await alertMails({ services, mails: all })).filter(({ subject }) => !/paused|sent again/.test(subject));
    begin(crm as CrmHarness);
    await registerLate(crm as CrmHarness, 4);
    await services.db.user.updateMany({ data: { crmPendingSince: new Date() } });
    newWorker().start();
    await expect.poll(() => services.db.user.count({ where: { crmError: { not: null } } })).toBeGreaterThan(0);
    await services.db.user.updateMany({ data: { crmPendingSince: ago(60) } });
    await alertLongWait(services);
    await expect.poll(async () => (await mails()).map(({ text }) => text)).toEqual([expect.stringContaining(words)]);
    portal.clearFaults();
    await expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(4);
    await alertLongWait(services);
    await expect.poll(async () => (await mails()).length).toBe(2);
    expect(await services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  },
);

test("a portal whose name is gone, and whose address answers nobody", async () => {
  for (const url of ["http://127.0.0.1:9/rest/1/unset/", "http://no-such-host.invalid/rest/1/unset/"]) {
    const { services, mails, newWorker } = await startWorker({
      BITRIX24_WEBHOOK_URL: url,
      BITRIX24_TRUSTED_HTTP_HOSTS: "no-such-host.invalid",
    });
    await registerLate(crm as CrmHarness, 1);
    newWorker().start();
    await expect
      .poll(async () => (await alertMails({ services, mails })).map(({ subject }) => subject))
      .toEqual([expect.stringContaining("60 min")]);
    expect(mails[0]?.text).toContain("/admin/crm");
    expect(await services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
    await crm?.close();
    crm = undefined;
  }
});

test("a queue that an administrator has paused tells, and goes on as it was", async () => {
  const { services, mails, newWorker } = await startWorker();
  await pauseQueue(services, { actor: await makeAdmin(services.db) });
  await registerLate(crm as CrmHarness, 2);
  newWorker().start();
  await expect
    .poll(async () => (await alertMails({ services, mails })).map(({ text }) => text))
    .toEqual([expect.stringContaining("administrator has paused")]);
  expect(await services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(0);
});
