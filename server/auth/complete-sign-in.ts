import { audit } from "../audit/audit";
import { signInAttempts } from "../platform/counters";
import type { Services } from "../services";
import { dropExpiredSessions, openVerified, signOut } from "./auth";
import { rememberDevice } from "./known-device";
import type { Verified } from "./verified";

/** From where a person signs in. */
export interface SignInSource {
  address: string;
  userAgent: string | null;
  cookieHeader: string | null;
}

/**
 * Opens the session of a person who has given the password and, if required, the code. Ends the browser's previous
 * session and records the sign-in. Returns the cookies of session and device; null, and nothing is opened, if password or
 * second factor was changed since they were checked.
 */
export async function completeSignIn(
  services: Pick<Services, "db" | "env">,
  verified: Verified & { role: "USER" | "ADMIN" },
  { address, userAgent, cookieHeader }: SignInSource,
): Promise<string[] | null> {
  const { db, env } = services;
  const { id, role } = verified;
  const session = await db.$transaction(async (tx) => {
    const opened = await openVerified({ db: tx, env }, verified, userAgent);
    if (opened === null) return null;
    await tx.signIn.create({ data: { userId: id, userAgent: userAgent?.slice(0, 255) ?? null, address } });
    await audit(tx, { actor: { kind: "USER", id, role }, action: "session.start", targetId: id });
    return opened;
  });
  signInAttempts.inc({ outcome: session === null ? "refused" : "started" });
  if (session === null) return null;
  await signOut(services, cookieHeader);
  await dropExpiredSessions(services);
  return [session, rememberDevice(env, cookieHeader, verified)];
}
