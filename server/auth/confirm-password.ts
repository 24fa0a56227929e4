import { forgetGuesses, takeGuess } from "../attempts/guesses";
import { AppError } from "../platform/errors";
import { passwordLength, passwordLimits } from "../platform/password-limits";
import type { Services } from "../services";
import { verifyPassword } from "./password";
import { sessionIdOf } from "./session-cookie";
import { type Verified, verifiedColumns } from "./verified";

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
 * cannot block the owner. Returns what the password was checked against: a change that rests on it must find the person
 * unchanged. Throws UNAUTHORIZED, and TOO_MANY with the seconds to wait as `retryAfter`.
 */
export async function assertOwnPassword(
  services: ConfirmServices,
  userId: number,
  password: string,
): Promise<Verified> {
  const key = `confirm:${userId}`;
  const wait = await takeGuess(services, key);
  if (wait !== null) throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
  const user = await services.db.user.findUnique({ where: { id: userId }, select: verifiedColumns });
  const candidate = passwordLength(password) <= passwordLimits.max ? password : "";
  if (!(await verifyPassword(user?.passwordHash ?? null, candidate)) || !user) throw new AppError("UNAUTHORIZED");
  await forgetGuesses(services, key);
  return user;
}

/**
 * Takes the password again for the session of the cookie; it then counts for `confirmedMs`. Throws as assertOwnPassword
 * does.
 */
export async function confirmPassword(
  services: ConfirmServices,
  { userId, password, cookieHeader }: { userId: number; password: string; cookieHeader: string | null },
): Promise<void> {
  const { passwordHash } = await assertOwnPassword(services, userId, password);
  const id = sessionIdOf(services.env, cookieHeader) ?? "";
  // The password may have been changed while the given one was checked.
  const confirmed = await services.db.$executeRaw`
    with person as (select id from "User" where id = ${userId} and "passwordHash" = ${passwordHash} for share)
    update "Session" s set "confirmedAt" = ${new Date()}::timestamptz from person where s.id = ${id} and s."userId" = person.id`;
  if (confirmed === 0) throw new AppError("UNAUTHORIZED");
}
