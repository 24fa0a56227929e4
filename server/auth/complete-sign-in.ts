import { audit } from "../audit/audit";
import { signInAttempts } from "../platform/counters";
import type { Services } from "../services";
import { signOut, startSession } from "./auth";
import { rememberDevice } from "./known-device";

/** From where a person signs in. */
export interface SignInSource {
  address: string;
  userAgent: string | null;
  cookieHeader: string | null;
}

/**
 * Opens the session of a person who has given the password and, if required, the code. Ends the browser's previous
 * session and records the sign-in. Returns the cookies of session and device.
 */
export async function completeSignIn(
  services: Pick<Services, "db" | "env">,
  { id, role }: { id: number; role: "USER" | "ADMIN" },
  { address, userAgent, cookieHeader }: SignInSource,
): Promise<string[]> {
  signInAttempts.inc({ outcome: "started" });
  await signOut(services, cookieHeader);
  const session = await startSession(services, id, userAgent, role);
  await services.db.$transaction(async (tx) => {
    await tx.signIn.create({ data: { userId: id, userAgent: userAgent?.slice(0, 255) ?? null, address } });
    await audit(tx, { actor: { kind: "USER", id, role }, action: "session.start", targetId: id });
  });
  return [session, rememberDevice(services.env, cookieHeader, id)];
}
