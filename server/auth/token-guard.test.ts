import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAttemptLimit } from "../attempts/attempt-limit";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { createTokenGuard } from "./token-guard";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const madeUp = () => `Bearer b24r_${randomBytes(32).toString("base64url")}`;

test("who tries unknown tokens from one address after another of their network is held up, and other networks are not", async () => {
  const guard = createTokenGuard(createAttemptLimit(database, { name: "token", attempts: 3 }));
  const known = madeUp();
  await guard.note(known, "2001:db8:1:1::9", true);
  for (let n = 1; n <= 4; n++) await guard.note(madeUp(), `2001:db8:1:1::${n}`, false);

  expect(() => guard.check(madeUp(), "2001:db8:1:1::5")).toThrow(expect.objectContaining({ code: "TOO_MANY" }));
  expect(() => guard.check(known, "2001:db8:1:1::5")).not.toThrow();
  expect(() => guard.check(madeUp(), "2001:db8:1:2::5")).not.toThrow();

  // Twice the share for a /56, four times for a /48.
  for (let n = 1; n <= 13; n++) await guard.note(madeUp(), `2001:db8:2:${n.toString(16)}00::1`, false);
  expect(() => guard.check(madeUp(), "2001:db8:2:ff00::1")).toThrow(expect.objectContaining({ code: "TOO_MANY" }));
  expect(() => guard.check(madeUp(), "2001:db8:3::1")).not.toThrow();
});
