import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { parsePlace, type TimelineEvent } from "./events";
import { readTimeline } from "./timeline";

let database: TestDatabase;
let admin: Actor & { kind: "USER" };

beforeAll(async () => {
  database = await createTestDatabase();
  admin = await makeAdmin(database.db);
});

afterAll(() => database.drop());

const hour = (number: number) => new Date(Date.UTC(2026, 10, 26, number));
const told = (events: TimelineEvent[]) => events.map(({ kind, facts }) => [kind, facts]);

/** A registration that went through at ten o'clock, and what followed. */
async function makeHistory() {
  const { db } = database;
  const user = await makeUser(db, {
    createdAt: hour(9),
    crmSyncedAt: hour(11),
    crmState: "SYNCED",
    bitrix24ContactId: 12,
    crmContactBy: "phone",
    bitrix24DealId: 34,
  });
  const { id: userId } = user;
  const step = { userId, outcome: "OK" as const, durationMs: 5, attempt: 1, at: hour(10) };
  await db.consent.create({
    data: { userId, kind: "registration", version: "1", locale: "ru", givenAt: user.createdAt },
  });
  for (const data of [
    { ...step, method: "lookup" },
    { ...step, method: "crm.item.add", outcome: "NO" as const, code: "QUERY_LIMIT_EXCEEDED" },
    { ...step, method: "link", contactId: 12 },
    { ...step, method: "crm.item.add", dealId: 34 },
    { ...step, method: "crm.item.productrow.set" },
    { ...step, method: "crm.item.update", dealId: 34, at: hour(13) },
  ])
    await db.crmLog.create({ data });
  const change = await db.paymentChange.create({
    data: {
      userId,
      isPaid: true,
      actorKind: "BITRIX24",
      origin: "portal",
      createdAt: hour(12),
    },
  });
  await db.personNotice.createMany({
    data: [
      { userId, kind: "welcome", state: "sent", attemptedAt: hour(14) },
      { userId, kind: "manager", state: "failed", error: "OFF", attemptedAt: hour(14) },
    ],
  });
  await db.conflict.create({
    data: { userId, kind: "DEAL_LOST", portalId: 34, foundAt: hour(15), resolvedAt: hour(16), resolution: "gone" },
  });
  return { userId, changeId: change.id };
}

test("all that is kept of a person is told as one history, newest first, without requests and refusals", async () => {
  const { userId, changeId } = await makeHistory();

  const { events, next } = await readTimeline(database, userId);

  const none = { contactId: null, dealId: null };
  expect(told(events)).toEqual([
    ["settled", { conflict: "DEAL_LOST", portalId: 34 }],
    ["conflict", { conflict: "DEAL_LOST", portalId: 34 }],
    ["letter", { letter: "welcome", isSent: true }],
    ["moved", expect.objectContaining({ dealId: 34 })],
    ["payment", { changeId, isPaid: true, origin: "portal" }],
    ["arrived", {}],
    ["row", expect.objectContaining(none)],
    ["deal", { contactId: null, dealId: 34, by: "made", how: null }],
    ["contact", { contactId: 12, dealId: null, by: "linked", how: "phone" }],
    ["registered", { consents: ["registration"] }],
  ]);
  expect(next).toBeNull();
  expect(events.find(({ kind }) => kind === "payment")).toMatchObject({
    at: hour(12).toISOString(),
    actor: { kind: "BITRIX24", id: null },
  });
});

test("pages follow one another without a gap and without repetition, also where all happened at once", async () => {
  const { db } = database;
  const { id: userId } = await makeUser(db, { createdAt: hour(9) });
  const at = hour(10);
  await db.paymentChange.createMany({
    data: Array.from({ length: 7 }, (_, index) => ({
      userId,
      isPaid: index % 2 === 0,
      actorKind: "USER" as const,
      actorId: admin.id,
      origin: "page",
      createdAt: at,
    })),
  });
  await db.crmLog.createMany({
    data: Array.from({ length: 5 }, (_, index) => ({
      userId,
      at,
      method: "crm.item.add",
      outcome: "OK" as const,
      durationMs: 1,
      attempt: 1,
      dealId: index + 1,
    })),
  });
  const all = (await readTimeline(database, userId, { limit: 100 })).events.map(({ key }) => key);
  expect(all).toHaveLength(13);
  const paged: string[] = [];
  let place: string | null = null;
  do {
    const after = parsePlace(place) ?? undefined;
    const page: Awaited<ReturnType<typeof readTimeline>> = await readTimeline(database, userId, { after, limit: 3 });
    paged.push(...page.events.map(({ key }) => key));
    place = page.next;
  } while (place !== null);
  expect(paged).toEqual(all);
});

test("of what is audited only that is told which concerns the person, with its actor", async () => {
  const { db } = database;
  const { id: targetId } = await makeUser(db);
  await audit(
    db,
    { actor: admin, action: "person.change", targetId, details: { fields: ["phone"] } },
    { actor: admin, action: "payment.set", targetId, details: { isPaid: true } },
    { actor: { kind: "USER", id: targetId, role: "USER" }, action: "session.start", targetId },
    { actor: { kind: "USER", id: targetId, role: "USER" }, action: "consent.withdraw", targetId },
  );

  const { events } = await readTimeline(database, targetId);

  expect(events.flatMap((event) => (event.kind === "audit" ? [[event.facts.action, event.actor?.id]] : []))).toEqual([
    ["consent.withdraw", targetId],
    ["person.change", admin.id],
  ]);
});

test.each(["NO_RECEIVER", "PASSED_OVER", "NOT_TAKEN", "TURNED_AWAY", "OLD", "INSUFFICIENT_SCOPE", "RESTORED"])(
  "that a message to the responsible person failed is told, and why: %s",
  async (error) => {
    const { db } = database;
    const { id: userId } = await makeUser(db, { createdAt: hour(9) });
    const notice = { userId, kind: "responsible", state: "failed", error, nextAttemptAt: hour(11) };
    // An old message need never have been attempted.
    await db.personNotice.create({ data: { ...notice, attemptedAt: error === "OLD" ? null : hour(11) } });
    const { events } = await readTimeline(database, userId);
    expect(told(events.slice(0, 1))).toEqual([["letter", { letter: "responsible", isSent: false, reason: error }]]);
    expect(events[0]?.at).toBe(hour(11).toISOString());
  },
);

test("another person's events are not told, and a person of whom nothing is kept has none", async () => {
  await makeHistory();
  const { id } = await makeUser(database.db);
  expect((await readTimeline(database, id)).events.map(({ kind }) => kind)).toEqual(["registered"]);
  expect(await readTimeline(database, 2_000_000)).toEqual({ events: [], next: null });
});

test.each(["999999999999999-1-1", "-62135596800000-1-1", "-62135596800001-1-1", "-86400000000000-1-1"])(
  "no moment in an address is an error for the database: %s",
  async (after) => {
    const { id } = await makeUser(database.db);
    expect(await readTimeline(database, id, { after: parsePlace(after) ?? undefined })).toBeDefined();
  },
);

test("a place that no page has named is none", () => {
  expect(parsePlace("1795683600000-4-17")).toEqual({ at: hour(9), rank: 4, id: 17n });
  expect(parsePlace("-86400000-4-17")).toEqual({ at: new Date(-86_400_000), rank: 4, id: 17n });
  for (const text of [
    null,
    "",
    "yesterday",
    "-1",
    "1-2",
    "1-2-3-4",
    "9999999999999999-1-1",
    "-62135596800001-1-1",
    "-999999999999999-1-1",
    "1-1-99999999999999999999",
  ])
    expect(parsePlace(text), String(text)).toBeNull();
});
