import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { countUnfinished, listBacklog } from "./backlog";
import { type BacklogKind, parseBacklogCursor } from "./backlog-query";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
  await makeUser(database.db, { firstName: "W2", createdAt: at(2) });
  await makeUser(database.db, { firstName: "W1", createdAt: at(1) });
  await makeUser(database.db, { firstName: "W3", createdAt: at(2) });
  await makeUser(database.db, { firstName: "R", crmError: "TIMEOUT", crmAttempts: 3, createdAt: at(1) });
  await makeUser(database.db, { firstName: "F", lastName: "Long", crmState: "FAILED", crmError: "X" });
  await makeUser(database.db, { firstName: "S", crmState: "SYNCED" });
});
afterAll(() => database.drop());

const names = async (kind: BacklogKind) => (await listBacklog(database, { kind })).entries.map((entry) => entry.name);

test("each list holds its own registrations, the longest waiting first", async () => {
  expect(await names("waiting")).toEqual(["W1", "W2", "W3"]);
  expect(await names("retrying")).toEqual(["R"]);
  expect(await names("failed")).toEqual(["F Long"]);
});

test("an entry tells why it has not arrived", async () => {
  const { entries } = await listBacklog(database, { kind: "retrying" });
  expect(entries[0]).toMatchObject({ error: "TIMEOUT", attempts: 3, nextAttemptAt: null });
});

test("pages follow one another without a gap, also among people of the same moment", async () => {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await listBacklog(database, { kind: "waiting", after: parseBacklogCursor(after), limit: 1 });
    seen.push(...page.entries.map((entry) => entry.name));
    after = page.next;
  } while (after);
  expect(seen).toEqual(["W1", "W2", "W3"]);
});

test("only who has not arrived is counted for another try", async () => {
  const ids = (await database.db.user.findMany({ select: { id: true } })).map(({ id }) => id);
  expect(await countUnfinished(database, [...ids, 2_000_000])).toBe(5);
  expect(await countUnfinished(database, "allFailed")).toBe(1);
});

test("a page goes on after people who registered before 1970", () => {
  expect(parseBacklogCursor("-86400000-7")).toEqual({ createdAt: new Date(-86_400_000), id: 7 });
});

test.each(["99999999999999-1", "-62135596800000-1", "-62135596800001-1", "-99999999999999-1"])(
  "no moment in an address is an error for the database: %s",
  async (after) => {
    const { entries } = await listBacklog(database, { kind: "waiting", after: parseBacklogCursor(after) });
    expect(entries).toHaveLength(after === "99999999999999-1" ? 0 : 3);
  },
);

for (const text of [null, "", "x", "1", "1-", "--1-2", "1--2", "1-2-3", "99999999999999999-1", "1-9999999999"])
  test(`${text} is no cursor`, () => {
    expect(parseBacklogCursor(text)).toBeNull();
  });
