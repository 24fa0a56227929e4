import { afterAll, beforeAll, expect, test } from "vitest";
import { createAttemptLimit } from "../attempts/attempt-limit";
import { makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { cookiesOf, sessionCookieOf, signInAs } from "../test/sign-in";
import { readAccount } from "../users/account";
import { authenticate } from "./auth";
import { hashPassword } from "./password";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({
    APP_URL: "https://site.example",
    SESSION_SECRET: "s".repeat(32),
    RATE_LIMIT_LOGIN: "3",
  });
});
afterAll(() => services.drop());

/** What the browser would send back. */
const cookieOf = (setCookie: string) => setCookie.split(";")[0] ?? "";
const asks = (cookie: string) => new Request("https://site.example/", { headers: { cookie } });

async function personWithPassword(password: string) {
  return makeUser(services.db, { passwordHash: await hashPassword(password) });
}

/** The session's Set-Cookie. */
const signsIn = async (email: string, password: string, cookieHeader: string | null = null) =>
  (await signInAs(services, email, password, { cookieHeader }))[0] ?? "";

test("signing in gives a cookie that only this host gets back, over TLS, out of reach of scripts", async () => {
  const { id, email } = await personWithPassword("right password");

  const setCookie = await signsIn(` ${email.toUpperCase()} `, "right password");

  expect(setCookie).toMatch(/^__Host-session=[\w-]{43}\.[\w-]{43}; .*Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  expect(await authenticate(services, asks(cookieOf(setCookie)))).toEqual({ kind: "USER", id, role: "USER" });
});

const wrong: [name: string, email: (own: string) => string, password: string][] = [
  ["a wrong password", (own) => own, "wrong password"],
  ["an unknown address", () => "nobody@example.com", "right password"],
  ["no address at all", () => "'; drop table", "right password"],
  ["an address with NUL", (own) => `${own}\0`, "right password"],
  ["an endless password", (own) => own, "x".repeat(10_000)],
  ["an empty password", (own) => own, ""],
];

for (const [name, email, password] of wrong) {
  test(`${name} is refused with the same words as any other`, async () => {
    const person = await personWithPassword("right password");
    await expect(signsIn(email(person.email), password)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
}

test("a person without a password cannot sign in", async () => {
  const { email } = await makeUser(services.db, { passwordHash: null });
  await expect(signsIn(email, "")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

test("signing in ends the session that the browser brought", async () => {
  const person = await personWithPassword("right password");
  const before = await sessionCookieOf(services, person.id);

  const after = cookieOf(await signsIn(person.email, "right password", before));

  expect(after).not.toBe(before);
  expect(await authenticate(services, asks(before))).toBeNull();
  expect(await authenticate(services, asks(after))).not.toBeNull();
});

const wrongly = (email: string, request: Parameters<typeof signInAs>[3] = {}) =>
  signInAs(services, email, "wrong password", request);
const refused = { code: "UNAUTHORIZED" };
const delayed = { code: "TOO_MANY", details: { retryAfter: expect.any(Number) } };

/** Guesses until the account answers with a delay. */
async function provokeDelay(email: string): Promise<void> {
  for (let guess = 0; guess < 3; guess++)
    await expect(wrongly(email, { address: `198.51.100.${guess}` })).rejects.toMatchObject(refused);
}

for (const [name, register] of [
  ["that is registered", true],
  ["that nobody has registered", false],
] as const) {
  test(`guesses at an account ${name} are slowed down from wherever they come`, async () => {
    const email = register ? (await personWithPassword("right password")).email : "no-such-person@example.com";
    await provokeDelay(email);
    await expect(wrongly(email, { address: "192.0.2.9" })).rejects.toMatchObject(delayed);
    await expect(wrongly(` ${email.toUpperCase()} `)).rejects.toMatchObject(delayed);
  });
}

test("the delay doubles with every guess, up to a quarter of an hour, and is forgotten after a day", async () => {
  const { email } = await personWithPassword("right password");
  let guessedAt = performance.now();
  await provokeDelay(email);
  const rewind = (lastAt: string) =>
    services.db.$executeRawUnsafe(
      `update "GuessCount" set "retryAt" = now(), "lastAt" = now() - interval '${lastAt}' where "retryAt" > now()`,
    );
  for (const delay of [15, 30, 60, 120, 240, 480, 900, 900, 900]) {
    const { details } = await wrongly(email).catch((error) => error);
    // What is told is the rest of the delay: a busy machine takes more than a second for a guess.
    const passed = Math.ceil((performance.now() - guessedAt) / 1_000);
    expect(details?.retryAfter).toBeLessThanOrEqual(delay);
    expect(details?.retryAfter).toBeGreaterThanOrEqual(delay - passed);
    await rewind("0");
    guessedAt = performance.now();
    await expect(wrongly(email)).rejects.toMatchObject(refused);
  }

  await rewind("25 hours");
  await provokeDelay(email);
});

test("of guesses at the same moment no more than the free ones are looked at", async () => {
  const { email } = await personWithPassword("right password");
  const guesses = Array.from({ length: 10 }, (_, n) => wrongly(email, { address: `198.51.100.${n}` }));
  const codes = (await Promise.allSettled(guesses)).map((guess) => guess.status === "rejected" && guess.reason.code);
  expect(codes.filter((code) => code === "UNAUTHORIZED")).toHaveLength(3);
});

test("the right password is a guess like any other while the account is delayed, and ends the count afterwards", async () => {
  const { email } = await personWithPassword("right password");
  await provokeDelay(email);
  await expect(signsIn(email, "right password")).rejects.toMatchObject(delayed);
  await services.db.$executeRaw`update "GuessCount" set "retryAt" = now() where "retryAt" > now()`;
  await signsIn(email, "right password");
  await provokeDelay(email);
});

test("a device that has signed in before is held up neither by guesses at the account nor by its neighbours", async () => {
  const { email } = await personWithPassword("right password");
  const cookieHeader = cookiesOf(await signInAs(services, email, "right password"));
  const limit = createAttemptLimit(services, { name: "known-device", attempts: 1 });
  const [, device = ""] = cookieHeader.split("; ");
  await limit("192.0.2.1");
  await provokeDelay(email);

  const request = { address: "192.0.2.1", limit };
  await expect(signInAs(services, email, "right password", request)).rejects.toMatchObject(delayed);
  await expect(
    signInAs(services, email, "right password", { ...request, cookieHeader: device }),
  ).resolves.toBeDefined();
});

test("a known device has as many attempts a minute as an address, wherever it is", async () => {
  const { email } = await personWithPassword("right password");
  const cookieHeader = cookiesOf(await signInAs(services, email, "right password"));
  const limit = createAttemptLimit(services, { name: "attempts-of-devices", attempts: 2 });
  const enter = (address: string) => signInAs(services, email, "right password", { cookieHeader, limit, address });
  for (const address of ["192.0.2.1", "192.0.2.2"]) await enter(address);
  await expect(enter("192.0.2.3")).rejects.toMatchObject(delayed);
});

test("a known device has no more free guesses than any other device", async () => {
  const { email } = await personWithPassword("right password");
  const cookieHeader = cookiesOf(await signInAs(services, email, "right password"));
  for (let guess = 0; guess < 3; guess++) await expect(wrongly(email, { cookieHeader })).rejects.toMatchObject(refused);
  await expect(wrongly(email, { cookieHeader })).rejects.toMatchObject(delayed);
});

test("all devices that have signed in before have a limit together, and a browser that has not does not feel it", async () => {
  const { email } = await personWithPassword("right password");
  const devices: string[] = [];
  for (let device = 0; device < 6; device++) devices.push(cookiesOf(await signInAs(services, email, "right password")));
  const [last = "", ...others] = devices;
  for (const cookieHeader of others)
    for (let guess = 0; guess < 3; guess++)
      await expect(wrongly(email, { cookieHeader })).rejects.toMatchObject(refused);
  await expect(wrongly(email, { cookieHeader: last })).rejects.toMatchObject(delayed);
  await expect(signInAs(services, email, "right password")).resolves.toBeDefined();
});

test("a device is known to the accounts that signed in with it and to nobody else, and cannot be made up", async () => {
  const [own, brother, stranger] = await Promise.all([1, 2, 3].map(() => personWithPassword("right password")));
  const first = cookiesOf(await signInAs(services, own?.email ?? "", "right password"));
  const both = cookiesOf(await signInAs(services, brother?.email ?? "", "right password", { cookieHeader: first }));
  for (const { email } of [own, brother, stranger].map((person) => person ?? { email: "" })) await provokeDelay(email);

  const enter = (email: string | undefined, cookieHeader: string) =>
    signInAs(services, email ?? "", "right password", { cookieHeader });
  await expect(enter(own?.email, both)).resolves.toBeDefined();
  await expect(enter(brother?.email, both)).resolves.toBeDefined();
  await expect(enter(stranger?.email, both)).rejects.toMatchObject(delayed);
  const forged = both.replace(/(__Host-device=[\w-]{22})\.[^;]*/, `$1.${"A".repeat(43)}`);
  await expect(enter(own?.email, forged)).rejects.toMatchObject(delayed);
});

test("0 switches the delay off with the limit", async () => {
  const off = { ...services, env: { ...services.env, RATE_LIMIT_LOGIN: 0 } };
  const { email } = await personWithPassword("right password");
  for (let guess = 0; guess < 20; guess++)
    await expect(signInAs(off, email, "wrong password")).rejects.toMatchObject(refused);
  await expect(signInAs(off, email, "right password")).resolves.toBeDefined();
});

test("a sign-in is audited and shown to its person; wrong passwords are counted in one entry", async () => {
  const { id, email } = await personWithPassword("right password");
  const refusals = async () =>
    (await services.db.auditEntry.findFirst({ where: { targetId: id, action: "session.refused" } }))?.details;
  for (const count of [1, 2]) {
    await Promise.allSettled([wrongly(email)]);
    await expect.poll(refusals).toEqual({ count });
  }
  await signInAs(services, email, "right password", { address: "192.0.2.44", userAgent: "Mine/1.0" });

  expect(await services.db.auditEntry.findMany({ where: { targetId: id }, orderBy: { id: "asc" } })).toMatchObject([
    { action: "session.refused", actorKind: "SYSTEM", actorId: null, details: { count: 2 } },
    { action: "session.start", actorKind: "USER", actorId: id, details: {} },
  ]);
  expect((await readAccount(services, { id }, null))?.signIns).toEqual([
    { kind: "started", at: expect.any(String), userAgent: "Mine/1.0", address: "192.0.2.44" },
    { kind: "refused", at: expect.any(String), count: 2 },
  ]);
});

test("a refusal is not held up by its audit entry, whose time would tell who is registered", async () => {
  const { id, email } = await personWithPassword("right password");
  const client = await services.pool.connect();
  try {
    await client.query("begin");
    await client.query('lock table "AuditEntry" in exclusive mode');
    await expect(wrongly(email)).rejects.toMatchObject(refused);
    expect(await services.db.auditEntry.count({ where: { targetId: id } })).toBe(0);
    await client.query("rollback");
  } finally {
    client.release(true);
  }
  await expect.poll(() => services.db.auditEntry.count({ where: { targetId: id } })).toBe(1);
});

test("no e-mail address can be read in the counts", async () => {
  const { email } = await personWithPassword("right password");
  await provokeDelay(email);
  const rows = await services.db.guessCount.findMany();
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(email);
});
