import type { AttemptLimit } from "../attempts/attempt-limit";
import { forgetGuesses, type GuessCounter, takeGuessOfEach } from "../attempts/guesses";
import { auditCounted } from "../audit/audit";
import { emailSchema } from "../person/schema";
import { signInAttempts } from "../platform/counters";
import { AppError } from "../platform/errors";
import { passwordLength, passwordLimits } from "../platform/password-limits";
import type { Services } from "../services";
import { passwordGuesses } from "./account-guesses";
import { completeSignIn } from "./complete-sign-in";
import { knownDevice } from "./known-device";
import { verifyPassword } from "./password";
import { pendingSignIn } from "./second-factor/pending-sign-in";
import { type Verified, verifiedColumns } from "./verified";

type SignInServices = Pick<Services, "db" | "env" | "log">;

export interface SignInRequest {
  email: string;
  password: string;
  /** Where it comes from, and how often from there. */
  address: string;
  limit: AttemptLimit;
  userAgent: string | null;
  cookieHeader: string | null;
}

/**
 * `code`: the password was right and a code of the second factor is required; the cookies record that and open nothing.
 */
export interface SignInOutcome {
  state: "signed-in" | "code";
  cookies: string[];
}

/**
 * Signs a person in and returns the cookies of the new session and of the device. The browser's previous session ends,
 * so that a planted cookie never becomes a signed-in session. With a second factor nothing is opened before its code.
 * Throws UNAUTHORIZED, which does not tell whether address or password was wrong, and TOO_MANY with the seconds to wait
 * as `retryAfter`.
 */
export async function signIn(services: SignInServices, request: SignInRequest): Promise<SignInOutcome> {
  const user = await provePassword(services, request);
  if (user.secondFactor) {
    signInAttempts.inc({ outcome: "code_asked" });
    return { state: "code", cookies: [pendingSignIn(services.env, user)] };
  }
  const cookies = await completeSignIn(services, user, request);
  if (!cookies) throw new AppError("UNAUTHORIZED");
  return { state: "signed-in", cookies };
}

/**
 * The person whose address and password these are, counted as an attempt to sign in; opens nothing. Throws as signIn
 * does.
 */
export async function provePassword(services: SignInServices, request: SignInRequest) {
  const { db } = services;
  const email = emailSchema.safeParse(request.email).data;
  const user = email
    ? await db.user.findUnique({
        where: { email },
        select: { ...verifiedColumns, role: true },
      })
    : null;
  const counters = await takeTurn(services, request, user, email);
  // A password longer than any stored one is not hashed at full length, but costs the same time.
  const candidate = passwordLength(request.password) <= passwordLimits.max ? request.password : "";
  if (!(await verifyPassword(user?.passwordHash ?? null, candidate)) || !user) {
    signInAttempts.inc({ outcome: "refused" });
    if (user) noteRefusal(services, user.id);
    throw new AppError("UNAUTHORIZED");
  }
  await forgetGuesses(services, ...counters.map(({ key }) => key));
  return user;
}

/** Not awaited: the time of one more statement would tell which addresses are registered. */
function noteRefusal(services: SignInServices, userId: number): void {
  auditCounted(services, { action: "session.refused", targetId: userId }).catch((err: unknown) => {
    services.log.error({ err, userId }, "a refused sign-in could not be audited");
  });
}

/**
 * Counts the attempt before the password is checked, and returns the counters of wrong passwords for the account; none if
 * what was typed is no address. A device that has signed in to the account before is counted apart, so that strangers'
 * guesses do not block it.
 */
async function takeTurn(
  services: SignInServices,
  { cookieHeader, address, limit }: SignInRequest,
  user: Verified | null,
  email: string | undefined,
): Promise<GuessCounter[]> {
  const deviceId = user && knownDevice(services.env, cookieHeader, user);
  const counters = email === undefined ? [] : passwordGuesses({ userId: user?.id, email }, deviceId);
  // Also a device that has signed in has only so many attempts a minute, each of which costs a hash and leaves an entry.
  const wait = (await limit(deviceId ?? address)) ?? (await takeGuessOfEach(services, counters));
  if (wait === null) return counters;
  signInAttempts.inc({ outcome: "delayed" });
  throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
}
