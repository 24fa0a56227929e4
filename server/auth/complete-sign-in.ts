import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { signInAttempts } from "../platform/counters";
import type { Services } from "../services";
import { dropExpiredSessions, newSession, signOut } from "./auth";
import { rememberDevice } from "./known-device";

/** From where a person signs in. */
export interface SignInSource {
  address: string;
  userAgent: string | null;
  cookieHeader: string | null;
}

/** Who has given the password: the hash that it was compared with. */
export interface ProvenPerson {
  id: number;
  role: "USER" | "ADMIN";
  passwordHash: string | null;
}

/**
 * Opens the session of a person who has given the password and, if required, the code. Ends the browser's previous
 * session and records the sign-in. Returns the cookies of session and device; null, and nothing is opened, if the password
 * was replaced meanwhile, or a second factor was switched on and no code given.
 */
export async function completeSignIn(
  services: Pick<Services, "db" | "env">,
  { code, ...person }: ProvenPerson & { code: "given" | "none" },
  { address, userAgent, cookieHeader }: SignInSource,
): Promise<string[] | null> {
  const { db, env } = services;
  const { id, role } = person;
  const { session, setCookie } = newSession(env, userAgent, role);
  const isOpen = await db.$transaction(async (tx) => {
    if (!(await isStillProven(tx, person))) return false;
    if (code === "none" && (await tx.secondFactor.count({ where: { userId: id } })) > 0) return false;
    await tx.session.createMany({ data: { ...session, userId: id } });
    await tx.signIn.create({ data: { userId: id, userAgent: userAgent?.slice(0, 255) ?? null, address } });
    await audit(tx, { actor: { kind: "USER", id, role }, action: "session.start", targetId: id });
    return true;
  });
  if (!isOpen) return null;
  signInAttempts.inc({ outcome: "started" });
  await signOut(services, cookieHeader);
  await dropExpiredSessions(services);
  return [setCookie, rememberDevice(env, cookieHeader, id)];
}

/**
 * Comparing a password takes long, and what sets a new one ends the sessions that are open then. The lock makes it either
 * come before this look, or end the session that is opened after it.
 */
async function isStillProven(tx: Tx, { id, passwordHash }: ProvenPerson): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`
    select 1 from "User" where id = ${id} and "passwordHash" = ${passwordHash} for share`;
  return found.length > 0;
}
