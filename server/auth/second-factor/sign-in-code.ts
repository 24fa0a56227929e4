import type { AttemptLimit } from "../../attempts/attempt-limit";
import { signInAttempts } from "../../platform/counters";
import { AppError } from "../../platform/errors";
import type { Services } from "../../services";
import { codeGuesses } from "../account-guesses";
import { completeSignIn, type SignInSource } from "../complete-sign-in";
import { knownDevice } from "../known-device";
import { type Verified, verifiedColumns } from "../verified";
import { takeCode } from "./check-code";
import { clearedPendingSignIn, isPending, pendingUserId } from "./pending-sign-in";

type CodeServices = Pick<Services, "db" | "env">;
type Waiting = Verified & { role: "USER" | "ADMIN" };

/**
 * The user who has given the password in this browser and must give the code; null if the password must be given first.
 */
export async function awaitedUser(
  services: CodeServices,
  cookieHeader: string | null,
): Promise<Pick<Waiting, "id" | "role"> | null> {
  const user = await findWaiting(services, cookieHeader);
  return user && { id: user.id, role: user.role };
}

async function findWaiting({ db, env }: CodeServices, cookieHeader: string | null): Promise<Waiting | null> {
  const id = pendingUserId(env, cookieHeader);
  if (id === null) return null;
  const user = await db.user.findUnique({
    where: { id, erasedAt: null, secondFactor: { isNot: null } },
    select: { ...verifiedColumns, role: true },
  });
  return user && isPending(env, cookieHeader, user) ? user : null;
}

/**
 * Signs in with a code of the authenticator, or a recovery code, after the password. Returns the cookies; null if the
 * password has to be given again. Throws UNAUTHORIZED for a wrong code, and TOO_MANY with the seconds to wait.
 */
export async function signInWithCode(
  services: CodeServices,
  { code, limit, ...source }: SignInSource & { code: string; limit: AttemptLimit },
): Promise<{ cookies: string[]; by: "authenticator" | "recovery" } | null> {
  const { env } = services;
  const { cookieHeader, address } = source;
  const user = await findWaiting(services, cookieHeader);
  if (!user) return null;
  const deviceId = knownDevice(env, cookieHeader, user);
  const wait = await limit(deviceId ?? address);
  if (wait !== null) {
    signInAttempts.inc({ outcome: "delayed" });
    throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
  }
  const actor = { kind: "USER", id: user.id, role: user.role } as const;
  const by = await takeCode(services, { actor, code, guesses: codeGuesses(user.id, deviceId) });
  const cookies = await completeSignIn(services, user, source);
  return cookies && { by, cookies: [...cookies, clearedPendingSignIn(env)] };
}
