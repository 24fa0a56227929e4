import { forgetGuesses, takeGuess } from "../attempts/guesses";
import { AppError } from "../platform/errors";
import { passwordLimits } from "../platform/password-limits";
import type { Services } from "../services";
import { verifyPassword } from "./password";
import { sessionIdOf } from "./session-cookie";

type ConfirmServices = Pick<Services, "db" | "env">;

/**
 * How long a given password counts. The far-reaching actions (export of all people, bulk payment, tokens, erasure,
 * second factor) ask for it again after that, since an open session may be in use by an intruder.
 */
export const confirmedMs = 10 * 60_000;

/** Whether the session's password was given within `confirmedMs`. Signing in counts. */
export async function isConfirmed({ db, env }: ConfirmServices, cookieHeader: string | null): Promise<boolean> {
  const id = sessionIdOf(env, cookieHeader);
  if (!id) return false;
  const since = new Date(Date.now() - confirmedMs);
  return (await db.session.count({ where: { id, confirmedAt: { gt: since } } })) > 0;
}

/**
 * The one place where a signed-in person must give the password again. Guesses are limited, so that an intruder in an
 * open session cannot find the password here. They are counted apart from guesses at the sign-in, so that strangers
 * cannot block the owner. Returns the hash that the password was compared with. Throws UNAUTHORIZED, and TOO_MANY with the seconds to wait as `retryAfter`.
 */
export async function assertOwnPassword(services: ConfirmServices, userId: number, password: string): Promise<string> {
  const key = `confirm:${userId}`;
  const wait = await takeGuess(services, key);
  if (wait !== null) throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
  const user = await services.db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  const hash = user?.passwordHash ?? null;
  const candidate = password.length <= passwordLimits.max ? password : "";
  if (!(await verifyPassword(hash, candidate)) || hash === null) throw new AppError("UNAUTHORIZED");
  await forgetGuesses(services, key);
  return hash;
}

/**
 * Takes the password again for the session of the cookie; it then counts for `confirmedMs`. Throws as assertOwnPassword
 * does.
 */
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
