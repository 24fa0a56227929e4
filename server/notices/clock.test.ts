import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { claimMessage, recordSent, waits } from "./alert-messages";
import { sendAfterScope } from "./message-trouble";
import { claimNotice, recordNotice, waitingKinds } from "./person-notices";

// A process whose clock is hours from the database's. By a clock that is behind, all attempts would follow at once.

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.alertMessage.deleteMany();
  await database.db.user.deleteMany();
});

const hour = 3_600_000;
const clocks = [
  ["behind", -12 * hour],
  ["ahead of", 12 * hour],
] as const;

function setClock(by: number) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by });
  onTestFinished(() => void vi.useRealTimers());
}

async function newNotice(data: { kind: string; error?: string; nextAttemptAt?: Date }) {
  const { id: userId } = await makeUser(database.db);
  return database.db.personNotice.create({ data: { userId, ...data } });
}

/** Seconds between the attempt and the next one. */
async function waited(table: "PersonNotice" | "AlertMessage"): Promise<number | undefined> {
  const [row] = await database.db.$queryRawUnsafe<{ wait: number }[]>(
    `select extract(epoch from "nextAttemptAt" - "attemptedAt")::float8 as wait from "${table}"`,
  );
  return row?.wait;
}

function expectWait(seconds: number | undefined, wait: number) {
  expect(seconds).toBeGreaterThanOrEqual(wait);
  expect(seconds).toBeLessThan(wait + 3_600);
}

test.each(clocks)(
  "a clock %s the database's leaves the waits between attempts of a letter as they are",
  async (_, by) => {
    const { db } = database;
    await newNotice({ kind: "welcome" });
    setClock(by);
    expect(await waitingKinds({ db })).toEqual(["welcome"]);
    const notice = await claimNotice({ db }, "welcome");
    if (!notice) throw new Error("nothing to claim");
    await recordNotice({ db }, notice, "REFUSED");
    expectWait(await waited("PersonNotice"), waits[0]);
    expect(await waitingKinds({ db })).toEqual([]);
    await recordNotice({ db }, { ...notice, attempts: waits.length + 1 }, "REFUSED");
    expect(await db.personNotice.findMany()).toMatchObject([{ state: "failed", error: "REFUSED" }]);
  },
);

test.each(clocks)(
  "a clock %s the database's leaves the waits between attempts of an alert as they are",
  async (_, by) => {
    const { db } = database;
    await db.alertMessage.create({ data: { channel: "mail", items: [] } });
    setClock(by);
    const message = await claimMessage({ db }, "mail");
    if (!message) throw new Error("nothing to claim");
    await recordSent({ db }, message, { ok: false, code: "REFUSED" });
    expectWait(await waited("AlertMessage"), waits[0]);
    expect(await claimMessage({ db }, "mail")).toBeNull();
    await recordSent({ db }, message, { ok: false, code: "REFUSED", retryAfterSeconds: 7_200 });
    expectWait(await waited("AlertMessage"), 7_200);
    // A channel that was removed meanwhile: it was no attempt, and the message is due for a process that knows the channel.
    await recordSent({ db }, message, { ok: false, code: "OFF" });
    // The column's milliseconds are rounded, so that "now" may lie half of one ahead.
    await expect.poll(() => claimMessage({ db }, "mail")).toMatchObject({ id: message.id, attempts: 1 });
  },
);

test.each(clocks)("a clock %s the database's delays no message that waited for a permission", async (_, by) => {
  const { db } = database;
  const nextAttemptAt = new Date(Date.now() + 24 * hour);
  await newNotice({ kind: "responsible", error: "INSUFFICIENT_SCOPE", nextAttemptAt });
  setClock(by);
  await sendAfterScope({ db });
  const due =
    await db.$queryRaw`select "error", "nextAttemptAt" between now() - interval '1 hour' and now() + interval '1 second' as "isDue" from "PersonNotice"`;
  expect(due).toEqual([{ error: null, isDue: true }]);
});
