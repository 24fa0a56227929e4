import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { erasedColumns } from "../privacy/places";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { cookiesOf, signInAs } from "../test/sign-in";
import { createAdmin, demoteAdmin } from "./admins";
import { startSession } from "./auth";
import { ensureFirstAdmin } from "./first-admin";
import { hashPassword } from "./password";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const services = (ADMIN_EMAIL?: string, ADMIN_PASSWORD?: string, more = {}) => ({
  db: database.db,
  env: parseEnv({ ADMIN_EMAIL, ADMIN_PASSWORD, ...more }),
  log: createLog("silent"),
});
const logged = () => {
  const lines: { level: number; msg: string }[] = [];
  return { lines, log: createLog("info", { write: (line) => void lines.push(JSON.parse(line)) }) };
};
const signsIn = async (email: string, password: string) => cookiesOf(await signInAs(services(), email, password));

test("the first administrator of the environment is made once, by however many processes", async () => {
  const env = services("First@example.com", "first password");
  await Promise.all([ensureFirstAdmin(env), ensureFirstAdmin(env)]);
  await expect(signsIn("first@example.com", "first password")).resolves.toContain("session=");
  const { id } = await database.db.user.findUniqueOrThrow({ where: { email: "first@example.com" } });
  expect(
    await database.db.auditEntry.count({ where: { action: { in: ["admin.create", "role.change"] }, targetId: id } }),
  ).toBe(1);
});

test("an administrator who has changed the password keeps it over a restart", async () => {
  await createAdmin(services(), { email: "changed@example.com", password: "changed password" });
  await ensureFirstAdmin(services("changed@example.com", "environment password"));
  await expect(signsIn("changed@example.com", "changed password")).resolves.toContain("session=");
});

test("an administrator of the environment who was demoted stays so over a restart, and keeps password and sessions", async () => {
  const { db } = database;
  const made = services("demoted@example.com", "environment password");
  await ensureFirstAdmin(made);
  await createAdmin(services(), { email: "remaining@example.com", password: "admin password" });
  const { id } = await db.user.findUniqueOrThrow({ where: { email: "demoted@example.com" } });
  expect(await demoteAdmin(database, "demoted@example.com")).toBe("demoted");
  const before = await db.user.update({
    where: { id },
    data: { passwordHash: await hashPassword("a password of own") },
  });
  await startSession(services(), id, null);

  await ensureFirstAdmin(made);

  expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
    role: "USER",
    passwordHash: before.passwordHash,
  });
  expect(await db.session.count({ where: { userId: id } })).toBe(1);

  expect(await createAdmin(services(), { email: "demoted@example.com", password: "admin password" })).toBe("promoted");
  await ensureFirstAdmin(made);
  expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ role: "ADMIN" });
});

/** How an administrator's address becomes free while another one stays. */
const givenUp: [how: string, giveUp: (person: Awaited<ReturnType<typeof makeUser>>) => Promise<unknown>][] = [
  [
    "was demoted and erased",
    async (person) => {
      expect(await demoteAdmin(database, person.email)).toBe("demoted");
      await database.db.user.update({ where: { id: person.id }, data: erasedColumns(person) });
    },
  ],
  [
    "was demoted and took another address",
    async ({ id, email }) => {
      expect(await demoteAdmin(database, email)).toBe("demoted");
      await database.db.user.update({ where: { id }, data: { email: `other-${email}` } });
    },
  ],
  [
    "took another address",
    ({ id, email }) => database.db.user.update({ where: { id }, data: { email: `other-${email}` } }),
  ],
];

test.each(givenUp)(
  "no start gives the role to the address of a first administrator who %s, nor to a stranger who registers with it",
  async (how, giveUp) => {
    const { db } = database;
    const email = `${how.replaceAll(" ", "-")}@example.com`;
    await makeUser(db, { role: "ADMIN" });
    await ensureFirstAdmin(services(email, "environment password"));
    await giveUp(await db.user.findUniqueOrThrow({ where: { email } }));
    const admins = await db.user.count({ where: { role: "ADMIN" } });

    // Known also after the secret was replaced, as after a leak.
    const { lines, log } = logged();
    const restarted = {
      ...services(email, "environment password", { SESSION_SECRET: "another secret of 32 characters!" }),
      log,
    };
    await ensureFirstAdmin(restarted);
    expect(await db.user.count({ where: { email } })).toBe(0);
    expect(lines).toMatchObject([
      { level: 30, msg: expect.stringContaining("no role was given. To give it: npm run admin -- create EMAIL") },
    ]);

    const stranger = await makeUser(db, { email });
    await ensureFirstAdmin(restarted);
    expect(await db.user.findUnique({ where: { id: stranger.id } })).toMatchObject({
      role: "USER",
      passwordHash: null,
    });
    expect(await db.user.count({ where: { role: "ADMIN" } })).toBe(admins);

    expect(await createAdmin(services(), { email, password: "admin password" })).toBe("promoted");
  },
);

test("a demotion of before starts noted addresses outlives the erasure of the person", async () => {
  const { db } = database;
  const email = "demoted-early@example.com";
  await makeUser(db, { role: "ADMIN" });
  const person = await makeUser(db, { email, role: "ADMIN" });
  expect(await demoteAdmin(database, email)).toBe("demoted");
  await ensureFirstAdmin(services(email, "environment password"));
  await db.user.update({ where: { id: person.id }, data: erasedColumns(person) });
  await ensureFirstAdmin(services(email, "environment password"));
  expect(await db.user.count({ where: { email } })).toBe(0);
});

test("another ADMIN_EMAIL makes one more administrator; the earlier one does not come back with its address", async () => {
  const { db } = database;
  const [earlier, later] = ["earlier@example.com", "later@example.com"];
  await ensureFirstAdmin(services(earlier, "environment password"));
  await ensureFirstAdmin(services(later, "environment password"));
  expect(await db.user.count({ where: { email: { in: [earlier, later] }, role: "ADMIN" } })).toBe(2);
  await db.user.update({ where: { email: earlier }, data: { email: "married@example.com" } });
  await ensureFirstAdmin(services(earlier, "environment password"));
  expect(await db.user.count({ where: { email: earlier } })).toBe(0);
});

test("where nobody is an administrator a start makes one of the environment, demoted before or not", async () => {
  const { db } = database;
  const { id, email } = await makeUser(db);
  await db.auditEntry.create({
    data: { actorKind: "SYSTEM", action: "role.change", targetId: id, details: { role: "USER" } },
  });
  const nobody = () => db.user.updateMany({ where: { role: "ADMIN" }, data: { role: "USER" } });
  await nobody();
  await ensureFirstAdmin(services(email, "environment password"));
  expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ role: "ADMIN" });

  await nobody();
  await db.user.update({ where: { id }, data: { email: `other-${email}` } });
  await ensureFirstAdmin(services(email, "environment password"));
  expect(await db.user.findUnique({ where: { email } })).toMatchObject({ role: "ADMIN" });
});

test("a person who is to be erased again never becomes an administrator, and the start goes on; later a new one is made of an address that never was an administrator's", async () => {
  const returned = await makeUser(database.db);
  const { id, email } = returned;
  await database.db.erasureDue.create({ data: { userId: id } });
  const made = services(email, "environment password");
  await ensureFirstAdmin(made);
  await expect(createAdmin(made, { email, password: "admin password" })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ role: "USER", passwordHash: null });

  await database.db.erasureDue.delete({ where: { userId: id } });
  await database.db.user.update({ where: { id }, data: erasedColumns(returned) });
  await ensureFirstAdmin(made);
  await expect(signsIn(email, "environment password")).resolves.toContain("session=");
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ role: "USER" });
});

test("without the two variables nobody is made", async () => {
  const before = await database.db.user.count();
  await ensureFirstAdmin(services());
  expect(await database.db.user.count()).toBe(before);
});

test("an ADMIN_PASSWORD of the site's words makes no administrator, and is only warned of where there is one", async () => {
  const email = "site-words@example.com";
  const { lines, log } = logged();
  const named = { ADMIN_EMAIL: email, ADMIN_PASSWORD: "tangoclub-2026", APP_URL: "https://tango-club.example" };
  const start = () => ensureFirstAdmin({ db: database.db, env: parseEnv(named), log });
  await expect(start()).rejects.toThrow("ADMIN_PASSWORD: this is made of");
  expect(await database.db.user.count({ where: { email } })).toBe(0);
  await createAdmin(services(), { email, password: "admin password" });
  await start();
  expect(lines).toMatchObject([{ level: 40, msg: expect.stringContaining("ADMIN_PASSWORD is made of") }]);
});
