import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSession } from "../auth/auth";
import { hashPassword } from "../auth/password";
import { makeConfirmation } from "../confirmation/confirmation";
import { tokenHash } from "../platform/token-hash";
import { provenAddress, provenAddressCookie } from "../registration/proven-address";
import { registerUser } from "../registration/registration";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { blocked } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { searchDatabase } from "../test/search-everywhere";
import { findDoubtful, type MailedLink, takeBack } from "./take-back";

let crm: CrmHarness;
beforeAll(async () => {
  crm = await createCrmHarness({ env: { EMAIL_CONFIRMATION: "required" } });
});
afterAll(() => crm.close());

/** A link as it is mailed. */
async function mailed(kind: MailedLink["kind"], { id, email }: { id: number; email: string }): Promise<MailedLink> {
  const { db, env } = crm.services;
  if (kind === "confirm") {
    const { token } = await db.$transaction((tx) =>
      makeConfirmation(tx, env, { userId: id, email, purpose: "confirm" }),
    );
    return { kind, token };
  }
  const token = randomBytes(32).toString("base64url");
  await db.passwordReset.create({
    data: {
      id: tokenHash(token),
      userId: id,
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  return { kind, token };
}

for (const kind of ["confirm", "reset"] as const)
  test(`the owner of an address takes it back by the mailed link (${kind}), and nothing of the stranger stays`, async () => {
    const { db, pool } = crm.services;
    const stranger = await makeUser(db, {
      firstName: "Незнакомец",
      phone: "+79031234567",
      passwordHash: await hashPassword("the stranger's"),
      consents: { create: { kind: "registration", version: "2026-11-22", locale: "ru" } },
    } as never);
    await startSession(crm.services, stranger.id, null);
    const link = await mailed(kind, stranger);
    expect(await findDoubtful(crm.services, link)).toMatchObject({ userId: stranger.id, email: stranger.email });

    expect(await takeBack(crm.services, link)).toBe(stranger.email);
    expect(await takeBack(crm.services, link)).toBeNull();
    expect(await searchDatabase(pool, ["незнакомец", "9031234567", stranger.email])).toEqual([]);
    expect(await db.session.count({ where: { userId: stranger.id } })).toBe(0);
    expect(await db.erasure.findUniqueOrThrow({ where: { userId: stranger.id } })).toMatchObject({ cause: "owner" });

    // The browser that had the link registers with the address, which then is confirmed.
    const cookie = provenAddressCookie(crm.services.env, stranger.email).split(";")[0] ?? "";
    const provenEmail = provenAddress(crm.services.env, cookie);
    const { id } = await registerUser(crm.services, {
      input: {
        firstName: "Хозяйка",
        lastName: undefined,
        company: undefined,
        email: stranger.email,
        phone: "+79037654321",
        password: "correct horse battery",
        consent: "on",
      },
      utm: { first: null, last: null } as never,
      locale: "ru",
      provenEmail,
    });
    const owner = await db.user.findUniqueOrThrow({ where: { id } });
    expect(owner.emailConfirmedAt).not.toBeNull();
    expect(owner.crmState).toBe("PENDING");
  });

test("a confirmed registration, an imported person and an administrator are not taken back", async () => {
  const { db } = crm.services;
  const passwordHash = await hashPassword("the person's own");
  const admin = await makeAdmin(db);
  await db.user.update({ where: { id: admin.id }, data: { passwordHash } });
  const people = [
    await makeUser(db, { passwordHash, emailConfirmedAt: new Date() }),
    await makeUser(db),
    await db.user.findUniqueOrThrow({ where: { id: admin.id } }),
  ];
  for (const person of people)
    for (const kind of ["confirm", "reset"] as const) {
      const link = await mailed(kind, person);
      expect(await findDoubtful(crm.services, link)).toBeNull();
      expect(await takeBack(crm.services, link)).toBeNull();
    }
  expect(await db.user.count({ where: { id: { in: people.map(({ id }) => id) }, erasedAt: null } })).toBe(3);
});

const meanwhile = {
  "has just confirmed": { emailConfirmedAt: new Date() },
  "has just become an administrator": { role: "ADMIN" },
} as const;
for (const [happened, data] of Object.entries(meanwhile))
  test(`who ${happened} is not erased by a link for the address that is used at the same moment`, async () => {
    const { db } = crm.services;
    const { id, email } = await makeUser(db, { passwordHash: await hashPassword("the person's own") });
    const link = await mailed("confirm", { id, email });
    let taking: Promise<string | null> | undefined;
    await db.$transaction(async (tx) => {
      await tx.user.update({ where: { id }, data });
      taking = takeBack(crm.services, link);
      await expect.poll(() => blocked(crm.services)).toBe(1);
    });
    expect(await taking).toBeNull();
    expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ email, erasedAt: null });
  });

test("a link that was made up, has expired, or is for a new address takes nothing back", async () => {
  const { db, env } = crm.services;
  const person = await makeUser(db, { passwordHash: await hashPassword("the person's own") });
  expect(await takeBack(crm.services, { kind: "confirm", token: "made-up" })).toBeNull();
  const expired = await mailed("confirm", person);
  await db.emailConfirmation.updateMany({
    where: { userId: person.id },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await takeBack(crm.services, expired)).toBeNull();
  const { token } = await db.$transaction((tx) =>
    makeConfirmation(tx, env, { userId: person.id, email: "new@example.com", purpose: "change" }),
  );
  expect(await takeBack(crm.services, { kind: "confirm", token })).toBeNull();
  expect(await db.user.count({ where: { id: person.id, erasedAt: null } })).toBe(1);
});

test("the cookie of a proven address is believed only as we made it, and not for long", () => {
  const { env } = crm.services;
  const cookie = provenAddressCookie(env, "a@example.com").split(";")[0] ?? "";
  expect(provenAddress(env, cookie)).toBe("a@example.com");
  const [name = "", value = ""] = cookie.split("=");
  const [, expiry, signature] = value.split(".");
  const forged = `${name}=${Buffer.from("b@example.com").toString("base64url")}.${expiry}.${signature}`;
  for (const other of [forged, `${name}=x`, `${name}=`, "", null]) expect(provenAddress(env, other)).toBeNull();
});
