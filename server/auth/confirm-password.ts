import { forgetGuesses, takeGuess } from "../attempts/guesses";
import { AppError } from "../platform/errors";
import { passwordLimits } from "../platform/password-limits";
import type { Services } from "../services";
import { verifyPassword } from "./password";
import { sessionIdOf } from "./session-cookie";

type ConfirmServices = Pick<Services, "db" | "env">;

/**
 * How long the password counts after it was given. What reaches far (the export of all people, bulk payment, tokens,
 * erasing, the second factor) asks for it again after that: a session left open is then not enough.
 */
export const confirmedMs = 10 * 60_000;

/** Whether the session's password was given just now. Signing in counts. */
export async function isConfirmed({ db, env }: ConfirmServices, cookieHeader: string | null): Promise<boolean> {
  const id = sessionIdOf(env, cookieHeader);
  if (!id) return false;
  const since = new Date(Date.now() - confirmedMs);
  return (await db.session.count({ where: { id, confirmedAt: { gt: since } } })) > 0;
}

/**
 * The one place where a signed-in person's password is asked once more, before something that a borrowed device must not
 * do: an intruder in an open session must not find the password with it. Guesses have a count of their own: what strangers
 * guess at the sign-in does not hold up the owner. Throws UNAUTHORIZED, and TOO_MANY with the seconds to wait as `retryAfter`.
 */
export async function assertOwnPassword(services: ConfirmServices, userId: number, password: string): Promise<void> {
  const key = `confirm:${userId}`;
  const wait = await takeGuess(services, key);
  if (wait !== null) throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
  const user = await services.db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  const candidate = password.length <= passwordLimits.max ? password : "";
  if (!(await verifyPassword(user?.passwordHash ?? null, candidate))) throw new AppError("UNAUTHORIZED");
  await forgetGuesses(services, key);
}

/** Takes the password again for the session of the cookie, where it counts for a while. Throws as assertOwnPassword does. */
export async function confirmPassword(
  services: ConfirmServices,
  { userId, password, cookieHeader }: { userId: number; password: string; cookieHeader: string | null },
): Promise<void> {
  await assertOwnPassword(services, userId, password);
  await services.db.session.updateMany({
    where: { id: sessionIdOf(services.env, cookieHeader) ?? "", userId },
    data: { confirmedAt: new Date() },
  });
}
