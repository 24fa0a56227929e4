import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import type { MailMessage } from "../platform/mail";
import { alertMails } from "../test/alerts";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { closeBreaker, endIncident, openBreaker, postponeProbe, readPortalState } from "./circuit-breaker";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const running = { pausedBy: null, pauseCode: null, pausedAt: null, probeAt: null, alertedCode: null, alertedAt: null };
beforeEach(async () => {
  await database.db.crmPortal.update({ where: { id: 1 }, data: running });
  await database.db.alert.deleteMany();
});

function newDeps(env: Record<string, string> = { ALERT_EMAIL: "alerts@example.com" }) {
  const mails: string[] = [];
  const lines: { level: number; code?: string }[] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
  const mail = {
    send: async ({ to, subject, text }: MailMessage) => mails.push([to, subject, text].join(" ")) > 0,
  };
  return { db: database.db, env: parseEnv(env), log, mail, mails, lines };
}

/** The mails about pauses, once all alerts have been sent. */
const told = async (deps: ReturnType<typeof newDeps>) =>
  (await alertMails({ services: deps, mails: deps.mails })).filter((mail) => mail.includes("the queue is paused"));

const state = () => readPortalState(database);
const refused = { code: "INVALID_CREDENTIALS" };

test("an open breaker says why and since when, and when it will be probed", async () => {
  const deps = newDeps();
  const before = Date.now();
  await openBreaker(deps, refused);
  const { pausedBy, pauseCode, pausedAt, probeAt } = await state();
  expect([pausedBy, pauseCode]).toEqual(["breaker", "INVALID_CREDENTIALS"]);
  expect(pausedAt?.getTime()).toBeGreaterThanOrEqual(before);
  // Six times the base of the back-off.
  expect((probeAt?.getTime() ?? 0) - (pausedAt?.getTime() ?? 0)).toBe(30_000);
});

test("the probe's delay is never longer than the longest back-off", async () => {
  await openBreaker(newDeps({ BITRIX24_RETRY_MAX_MS: "7000" }), refused);
  const { pausedAt, probeAt } = await state();
  expect((probeAt?.getTime() ?? 0) - (pausedAt?.getTime() ?? 0)).toBe(7_000);
});

test("the alert goes out once, by log and mail, whichever process comes first", async () => {
  const [one, other] = [newDeps(), newDeps()];
  await Promise.all([openBreaker(one, refused), openBreaker(other, refused), openBreaker(one, refused)]);
  const mails = [...(await told(one)), ...(await told(other))];
  expect(mails).toEqual([expect.stringContaining("INVALID_CREDENTIALS")]);
  expect(mails[0]).toMatch(/^alerts@example\.com .*\/admin\/crm/s);
  expect([...one.lines, ...other.lines]).toMatchObject([{ level: 50, code: "INVALID_CREDENTIALS" }]);
});

test("without an address for alerts the log alone tells", async () => {
  const deps = newDeps({});
  await openBreaker(deps, refused);
  expect([(await told(deps)).length, deps.lines.length]).toEqual([0, 1]);
});

test("another reason is told as well, and the page shows the latest", async () => {
  const deps = newDeps();
  await openBreaker(deps, refused);
  expect(await told(deps)).toHaveLength(1);
  await openBreaker(deps, { code: "PORTAL_DELETED" });
  expect(await told(deps)).toHaveLength(2);
  expect((await state()).pauseCode).toBe("PORTAL_DELETED");
});

test("the same reason is told again after a day", async () => {
  const deps = newDeps();
  await openBreaker(deps, refused);
  expect(await told(deps)).toHaveLength(1);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await database.db.crmPortal.update({ where: { id: 1 }, data: { alertedAt: yesterday } });
  await openBreaker(deps, refused);
  expect(await told(deps)).toHaveLength(2);
});

test("a breaker that flaps tells once, until registrations got through", async () => {
  const deps = newDeps();
  for (let flaps = 0; flaps < 3; flaps++) {
    await openBreaker(deps, refused);
    await closeBreaker(deps);
  }
  expect(await told(deps)).toHaveLength(1);
  await endIncident(deps);
  expect((await state()).alertedCode).toBeNull();
  await openBreaker(deps, refused);
  expect(await told(deps)).toHaveLength(2);
});

test("a good probe closes the breaker and says so once", async () => {
  const deps = newDeps();
  await openBreaker(deps, refused);
  await closeBreaker(deps);
  await closeBreaker(deps);
  expect(await state()).toMatchObject({ pausedBy: null, pauseCode: null, pausedAt: null, probeAt: null });
  expect(deps.lines.filter(({ level }) => level === 30)).toHaveLength(1);
});

test("an administrator's pause is touched by neither the breaker nor its probe", async () => {
  const pausedAt = new Date(1_000);
  await database.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: "admin", pausedAt } });
  const deps = newDeps();
  await openBreaker(deps, refused);
  await postponeProbe(deps);
  await closeBreaker(deps);
  expect(await state()).toMatchObject({ pausedBy: "admin", pauseCode: null, pausedAt, probeAt: null });
});

test("a probe that meets an outage is put off and changes nothing else", async () => {
  const deps = newDeps();
  await openBreaker(deps, refused);
  await database.db.crmPortal.update({ where: { id: 1 }, data: { probeAt: new Date(1_000) } });
  await postponeProbe(deps);
  const { pauseCode, probeAt } = await state();
  expect(pauseCode).toBe("INVALID_CREDENTIALS");
  expect(probeAt?.getTime()).toBeGreaterThan(Date.now());
  expect(await told(deps)).toHaveLength(1);
});
