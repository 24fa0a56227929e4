import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { knownDevice, rememberDevice } from "./known-device";
import { changePassword } from "./own-password";
import { hashPassword, verifyPassword } from "./password";
import { verifiedColumns } from "./verified";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What the browser would send back. */
const sent = (setCookie: string) => setCookie.split(";")[0] ?? "";
const [old, fresh] = ["seven-rivers-and-1-hill", "nine-lakes-and-2-woods"];

async function person() {
  const { id } = await makeUser(database.db, { passwordHash: await hashPassword(old) });
  const change = (current: string, next: string) =>
    changePassword(
      { ...database, mail: { send: async () => true } },
      {
        actor: { kind: "USER", id, role: "USER" },
        current,
        next,
        cookieHeader: null,
      },
    );
  const stored = async () => (await database.db.user.findUniqueOrThrow({ where: { id } })).passwordHash;
  const changes = () => database.db.auditEntry.count({ where: { action: "password.change", targetId: id } });
  return { id, change, stored, changes };
}

test("a form that is sent again after its answer was lost changes the password once, and is no failure", async () => {
  const { change, stored, changes } = await person();
  await change(old, fresh);
  const hash = await stored();
  await change(old, fresh);
  expect(await stored()).toBe(hash);
  expect(await changes()).toBe(1);
});

test("forms that arrive at the same moment end with the new password, and at worst with a wait", async () => {
  const { change, stored } = await person();
  const outcomes = await Promise.allSettled([1, 2].map(() => change(old, fresh)));
  expect(outcomes.map(({ status }) => status)).toContain("fulfilled");
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "TOO_MANY" });
  expect(await verifyPassword(await stored(), fresh)).toBe(true);
});

test("a wrong old password is refused, also with the account's own as the new one", async () => {
  const { change, stored } = await person();
  for (const next of [old, fresh]) await expect(change("wrong", next)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  expect(await verifyPassword(await stored(), old)).toBe(true);
});

test("after a change that was not the last hour's, a form is no longer taken for the same one", async () => {
  const { id, change } = await person();
  await change(old, fresh);
  await database.db.auditEntry.updateMany({
    where: { action: "password.change", targetId: id },
    data: { at: new Date(Date.now() - 3_600_000) },
  });
  await expect(change(old, fresh)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(change(old, "another-new-3-hills")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

test("the browser that changes the password is known afterwards, and those that were known before are not", async () => {
  const { id, change } = await person();
  const seen = () => database.db.user.findUniqueOrThrow({ where: { id }, select: verifiedColumns });
  const elsewhere = sent(rememberDevice(database.env, null, await seen()));
  // The second one is a form that is sent again.
  for (const cookie of [await change(old, fresh), await change(old, fresh)])
    expect(knownDevice(database.env, sent(cookie), await seen())).not.toBeNull();
  expect(knownDevice(database.env, elsewhere, await seen())).toBeNull();
});
