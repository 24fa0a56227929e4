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

/** Under which key wrong passwords of a signed-in person are counted. */
export const confirmGuesses = (userId: number): string => `confirm:${userId}`;

/** Whether the session's password was given just now. Signing in counts. */
export async function isConfirmed({ db, env }: ConfirmServices, cookieHeader: string | null): Promise<boolean> {
  const id = sessionIdOf(env, cookieHeader);
  if (!id) return false;
  const since = new Date(Date.now() - confirmedMs);
  return (await db.session.count({ where: { id, confirmedAt: { gt: since } } })) > 0;
}

/**
 * Takes the password again for the session of the cookie. Throws UNAUTHORIZED if it is wrong, and TOO_MANY with
 * `retryAfter` after many guesses: an intruder in an open session must not find the password with it.
 */
export async function confirmPassword(
  services: ConfirmServices,
  { userId, password, cookieHeader }: { userId: number; password: string; cookieHeader: string | null },
): Promise<void> {
  const { db, env } = services;
  const key = confirmGuesses(userId);
  const wait = await takeGuess(services, key);
  if (wait !== null) throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
  const user = await db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  const candidate = password.length <= passwordLimits.max ? password : "";
  if (!(await verifyPassword(user?.passwordHash ?? null, candidate))) throw new AppError("UNAUTHORIZED");
  await forgetGuesses(services, key);
  await db.session.updateMany({
    where: { id: sessionIdOf(env, cookieHeader) ?? "", userId },
    data: { confirmedAt: new Date() },
  });
}
