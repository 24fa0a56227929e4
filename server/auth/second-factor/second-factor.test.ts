import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../../platform/env";
import { seal, unseal } from "../../platform/seal";
import { codeOf } from "../../test/authenticator";
import { makeUser } from "../../test/factories";
import { createTestServices, type TestServices } from "../../test/services";
import { cookiesOf, fromSomewhere, sessionCookieOf, signInAs } from "../../test/sign-in";
import { createAdmin } from "../admins";
import { actorOfToken, createApiToken } from "../api-tokens";
import { authenticate, startSession } from "../auth";
import { hashPassword } from "../password";
import { enableSecondFactor, newEnrolment, openEnrolment } from "./enrolment";
import { disableSecondFactor, readSecondFactor, renewRecoveryCodes, resetSecondFactor } from "./second-factor";
import { signInWithCode } from "./sign-in-code";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({
    APP_URL: "https://site.example",
    SESSION_SECRET: "s".repeat(32),
    RATE_LIMIT_LOGIN: "3",
  });
});
afterAll(() => services.drop());

const password = "a long admin phrase";
const refused = { code: "UNAUTHORIZED" };
const asks = (cookie: string, headers = {}) =>
  new Request("https://site.example/", { headers: { cookie, ...headers } });

async function administrator() {
  const { id, email } = await makeUser(services.db, { role: "ADMIN", passwordHash: await hashPassword(password) });
  return { id, email, actor: { kind: "USER", id, role: "ADMIN" } as const };
}

/** An administrator whose authenticator is set up; `free` forgets which code was used last. */
async function enrolled() {
  const admin = await administrator();
  const { secret, sealed } = await newEnrolment(services, admin.id, "Front Desk");
  const { codes, cookies } = await enableSecondFactor(services, {
    userId: admin.id,
    sealed,
    code: codeOf(secret),
    userAgent: null,
  });
  const free = () => services.db.secondFactor.update({ where: { userId: admin.id }, data: { lastStep: 0 } });
  await free();
  return { ...admin, secret, codes, cookie: cookiesOf(cookies), free };
}

/** The cookies after the right password. */
const afterPassword = async (email: string, by = services) => cookiesOf(await signInAs(by, email, password));
const sendsCode = (cookieHeader: string, code: string, by = services) =>
  signInWithCode(by, { ...fromSomewhere, cookieHeader, code });

const auditOf = async (targetId: number) =>
  (await services.db.auditEntry.findMany({ where: { targetId }, orderBy: { id: "asc" } })).map(({ action }) => action);

test("without a second factor the password signs in", async () => {
  const { id, email } = await administrator();
  expect(await readSecondFactor(services, id)).toBeNull();
  expect(await authenticate(services, asks(await afterPassword(email)))).toMatchObject({ id, role: "ADMIN" });
});

test("the first right code switches it on and gives ten recovery codes", async () => {
  const { id, codes } = await enrolled();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/);
  expect(await readSecondFactor(services, id)).toEqual({ enabledAt: expect.any(String), codesLeft: 10 });
  expect(await auditOf(id)).toEqual(["factor.enable"]);
});

test("neither the secret nor a recovery code can be read in the database", async () => {
  const { id, secret, codes } = await enrolled();
  const stored = JSON.stringify([
    await services.db.secondFactor.findMany({ where: { userId: id } }),
    await services.db.recoveryCode.findMany({ where: { userId: id } }),
    await services.db.auditEntry
      .findMany({ where: { targetId: id } })
      .then((rows) => rows.map(({ details }) => details)),
  ]);
  expect(stored).not.toContain(secret);
  for (const code of codes) {
    expect(stored).not.toContain(code);
    expect(stored).not.toContain(code.replaceAll("-", ""));
  }
});

test("switching it on ends every session but the one it gives", async () => {
  const admin = await administrator();
  const before = cookiesOf([await startSession(services, admin.id, null, "ADMIN")]);
  const elsewhere = cookiesOf([await startSession(services, admin.id, null, "ADMIN")]);
  const { secret, sealed } = await newEnrolment(services, admin.id, "Front Desk");
  const request = { userId: admin.id, sealed, code: codeOf(secret), userAgent: null };
  const { cookies } = await enableSecondFactor(services, request);
  expect(await authenticate(services, asks(before))).toBeNull();
  expect(await authenticate(services, asks(elsewhere))).toBeNull();
  expect(await authenticate(services, asks(cookiesOf(cookies)))).toEqual(admin.actor);
});

test("the second factor is switched on and off without waiting for another person's expired session", async () => {
  const [on, off] = [await administrator(), await enrolled()];
  const form = await newEnrolment(services, on.id, "Front Desk");
  const proof = { actor: off.actor, password, code: codeOf(off.secret), userAgent: null };
  const expired = { id: "expired", userId: (await makeUser(services.db)).id, expiresAt: new Date(0) };
  await services.db.session.create({ data: expired });
  const works: Promise<unknown>[] = [];
  await services.db.$transaction(async (tx) => {
    await tx.session.update({ where: { id: expired.id }, data: { userAgent: "held" } });
    works.push(enableSecondFactor(services, { userId: on.id, ...form, code: codeOf(form.secret), userAgent: null }));
    works.push(disableSecondFactor(services, proof));
    await expect.poll(() => readSecondFactor(services, on.id)).not.toBeNull();
    await expect.poll(() => readSecondFactor(services, off.id)).toBeNull();
  });
  await Promise.all(works);
});

test("a wrong first code keeps nothing, and the same form can be sent again", async () => {
  const { id } = await administrator();
  const { secret, uri, sealed } = await newEnrolment(services, id, "Front Desk");
  const request = { userId: id, sealed, userAgent: null };
  for (const code of ["", "12345", codeOf(secret, 5)])
    await expect(enableSecondFactor(services, { ...request, code })).rejects.toMatchObject(refused);
  expect(await readSecondFactor(services, id)).toBeNull();
  expect(await openEnrolment(services, id, "Front Desk", sealed)).toMatchObject({ secret, uri });
  await enableSecondFactor(services, { ...request, code: codeOf(secret) });
  expect(await readSecondFactor(services, id)).not.toBeNull();
});

test("the form of another person, an old one and a made-up one switch nothing on", async () => {
  const [one, other] = [await administrator(), await administrator()];
  const { secret, sealed } = await newEnrolment(services, one.id, "Front Desk");
  const old = seal(services.env, `enrolment:${other.id}`, `${Date.now() - 1}:${secret}`);
  for (const form of [sealed, old, "made up", ""])
    await expect(
      enableSecondFactor(services, { userId: other.id, sealed: form, code: codeOf(secret), userAgent: null }),
    ).rejects.toMatchObject({ code: "INVALID" });
  expect(await openEnrolment(services, other.id, "Front Desk", old)).toBeNull();
});

test("of two forms at the same moment one switches it on", async () => {
  const { id } = await administrator();
  const forms = await Promise.all([1, 2].map(() => newEnrolment(services, id, "Front Desk")));
  const outcomes = await Promise.allSettled(
    forms.map(({ secret, sealed }) =>
      enableSecondFactor(services, { userId: id, sealed, code: codeOf(secret), userAgent: null }),
    ),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "CONFLICT" } });
  expect(await services.db.recoveryCode.count({ where: { userId: id } })).toBe(10);
});

test("who is no administrator cannot switch it on", async () => {
  const { id } = await makeUser(services.db);
  const { secret, sealed } = await newEnrolment(services, id, "Front Desk");
  const request = { userId: id, sealed, code: codeOf(secret), userAgent: null };
  await expect(enableSecondFactor(services, request)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await readSecondFactor(services, id)).toBeNull();
});

test("the picture names the site and the person, whatever colons they have", async () => {
  const { id } = await makeUser(services.db, { email: '"a:b"@example.com' });
  const { uri } = await newEnrolment(services, id, "Front: Desk");
  expect(decodeURIComponent(new URL(uri).pathname)).toBe('/Front  Desk (site.example):"a b"@example.com');
});

test("a session secret that was replaced and is still in the list opens it, and is needed no longer after a sign-in", async () => {
  const { id, email, secret } = await enrolled();
  const env = parseEnv({ APP_URL: "https://site.example", SESSION_SECRET: `${"n".repeat(32)},${"s".repeat(32)}` });
  const rotated = { ...services, env };
  expect(await sendsCode(await afterPassword(email, rotated), codeOf(secret), rotated)).not.toBeNull();
  const stored = await services.db.secondFactor.findUniqueOrThrow({ where: { userId: id } });
  const alone = parseEnv({ SESSION_SECRET: "n".repeat(32) });
  expect(unseal(alone, `secret:${id}`, stored.secret)).toEqual({ text: secret, isCurrent: true });
});

test("switching it off needs the password and a code", async () => {
  const { id, actor, secret } = await enrolled();
  const proof = { actor, userAgent: null };
  await expect(
    disableSecondFactor(services, { ...proof, password: "wrong", code: codeOf(secret) }),
  ).rejects.toMatchObject({ ...refused, details: { field: "password" } });
  await expect(disableSecondFactor(services, { ...proof, password, code: "000000" })).rejects.toMatchObject(refused);
  expect(await readSecondFactor(services, id)).not.toBeNull();

  const cookies = await disableSecondFactor(services, { ...proof, password, code: codeOf(secret) });

  expect(await readSecondFactor(services, id)).toBeNull();
  expect(await services.db.recoveryCode.count({ where: { userId: id } })).toBe(0);
  expect(await authenticate(services, asks(cookiesOf(cookies)))).toEqual(actor);
  expect(await services.db.session.count({ where: { userId: id } })).toBe(1);
  expect(await auditOf(id)).toEqual(["factor.enable", "factor.refused", "factor.disable"]);
});

test("wrong codes at the sign-in do not keep the owner from switching it off, and wrong ones there are slowed down, too", async () => {
  const { email, actor, secret } = await enrolled();
  const waiting = await afterPassword(email);
  for (let guess = 0; guess < 3; guess++) await expect(sendsCode(waiting, "wrong")).rejects.toMatchObject(refused);
  await expect(sendsCode(waiting, "wrong")).rejects.toMatchObject({ code: "TOO_MANY" });
  const proof = { actor, userAgent: null, password };
  for (let guess = 0; guess < 2; guess++)
    await expect(disableSecondFactor(services, { ...proof, code: "wrong" })).rejects.toMatchObject(refused);
  await disableSecondFactor(services, { ...proof, code: codeOf(secret) });

  const other = await enrolled();
  const guesses = { actor: other.actor, password, code: "wrong" };
  for (let guess = 0; guess < 3; guess++)
    await expect(renewRecoveryCodes(services, guesses)).rejects.toMatchObject(refused);
  await expect(renewRecoveryCodes(services, { ...guesses, code: codeOf(other.secret) })).rejects.toMatchObject({
    code: "TOO_MANY",
  });
});

test("new recovery codes take the place of all old ones", async () => {
  const { id, email, actor, secret, codes } = await enrolled();
  await expect(renewRecoveryCodes(services, { actor, password, code: "wrong" })).rejects.toMatchObject(refused);
  const renewed = await renewRecoveryCodes(services, { actor, password, code: codeOf(secret) });
  expect(renewed).toHaveLength(10);
  const waiting = await afterPassword(email);
  await expect(sendsCode(waiting, codes[0] ?? "")).rejects.toMatchObject(refused);
  expect(await sendsCode(waiting, renewed[0] ?? "")).toMatchObject({ by: "recovery" });
  expect(await readSecondFactor(services, id)).toMatchObject({ codesLeft: 9 });
});

test("the command takes it away from who is locked out, and ends the sessions", async () => {
  const { id, email, cookie } = await enrolled();
  expect(await resetSecondFactor(services, email)).toBe("reset");
  expect(await authenticate(services, asks(cookie))).toBeNull();
  expect(await readSecondFactor(services, id)).toBeNull();
  expect(await authenticate(services, asks(await afterPassword(email)))).toMatchObject({ id });
  expect(await auditOf(id)).toEqual(["factor.enable", "factor.reset", "session.start"]);
  expect(await resetSecondFactor(services, email)).toBe("no second factor");
  expect(await resetSecondFactor(services, "nobody-at-all@example.com")).toBe("nobody");
});

test("a new password of an administrator leaves it; a promotion starts without one", async () => {
  const { id, email } = await enrolled();
  await createAdmin(services, { email, password });
  expect(await readSecondFactor(services, id)).not.toBeNull();
  await services.db.user.update({ where: { id }, data: { role: "USER" } });
  await createAdmin(services, { email, password });
  expect(await readSecondFactor(services, id)).toBeNull();
});

test("API tokens keep their rights where the second factor is required", async () => {
  const { actor } = await enrolled();
  const { token } = await createApiToken(services, { actor, name: "reports" });
  const required = { ...services, env: parseEnv({ ADMIN_TOTP: "required" }) };
  const bare = await administrator();
  const { token: other } = await createApiToken(services, { actor: bare.actor, name: "reports" });
  for (const each of [token, other])
    expect(await actorOfToken(required, `Bearer ${each}`)).toMatchObject({ kind: "TOKEN", role: "ADMIN" });
});

test("where it is required, an administrator without one has no rights until it is on", async () => {
  const required = { ...services, env: parseEnv({ ADMIN_TOTP: "required" }) };
  const admin = await administrator();
  const cookie = cookiesOf([await startSession(required, admin.id, null, "ADMIN")]);
  expect(await authenticate(required, asks(cookie))).toEqual({
    kind: "USER",
    id: admin.id,
    role: "USER",
    mustEnrol: true,
  });
  const { secret, sealed } = await newEnrolment(required, admin.id, "Front Desk");
  const request = { userId: admin.id, sealed, code: codeOf(secret), userAgent: null };
  const { cookies } = await enableSecondFactor(required, request);
  expect(await authenticate(required, asks(cookiesOf(cookies)))).toEqual(admin.actor);
  const person = await makeUser(services.db);
  const own = await sessionCookieOf(required, person.id);
  expect(await authenticate(required, asks(own))).toEqual({ kind: "USER", id: person.id, role: "USER" });
});
