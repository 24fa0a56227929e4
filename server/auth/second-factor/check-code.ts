import { forgetGuesses, takeGuess } from "../../attempts/guesses";
import type { Actor } from "../../audit/actor";
import { audit, auditCounted } from "../../audit/audit";
import { signInAttempts } from "../../platform/counters";
import { AppError } from "../../platform/errors";
import type { Services } from "../../services";
import { findRecoveryCode, readRecoveryCode, spendRecoveryCode } from "./recovery-codes";
import { seal, unseal } from "./seal";
import { readCode, stepOfCode } from "./totp";

type CheckServices = Pick<Services, "db" | "env">;

/** Ties a sealed secret to its person. */
export const secretPurpose = (userId: number): string => `secret:${userId}`;

/** Under which key an account's wrong codes are counted; a device that has signed in to it before has a count of its own. */
export const codeGuesses = (userId: number, deviceId: string | null): string =>
  deviceId ? `code-device:${deviceId}:${userId}` : `code:${userId}`;

/** The same for who is signed in: what somebody tries at the sign-in does not keep the owner from switching it off. */
export const sessionCodeGuesses = (userId: number): string => `code-session:${userId}`;

/**
 * Takes a code of the authenticator, or a recovery code, once. It is counted before it is looked at, by all processes
 * together. Throws UNAUTHORIZED if it is wrong or was used before, and TOO_MANY with the seconds to wait as `retryAfter`.
 */
export async function takeCode(
  services: CheckServices,
  { actor, code, guesses }: { actor: Extract<Actor, { kind: "USER" }>; code: string; guesses: string },
): Promise<"authenticator" | "recovery"> {
  const wait = await takeGuess(services, guesses);
  if (wait !== null) {
    signInAttempts.inc({ outcome: "delayed" });
    throw new AppError("TOO_MANY", { details: { retryAfter: wait } });
  }
  const by = await spend(services, actor, code);
  if (!by) {
    signInAttempts.inc({ outcome: "code_refused" });
    await auditCounted(services, { action: "factor.refused", targetId: actor.id });
    throw new AppError("UNAUTHORIZED");
  }
  await forgetGuesses(services, guesses);
  return by;
}

async function spend(services: CheckServices, actor: Extract<Actor, { kind: "USER" }>, typed: string) {
  const digits = readCode(typed);
  if (digits) return (await spendStep(services, actor.id, digits)) ? "authenticator" : null;
  const recovery = readRecoveryCode(typed);
  if (!recovery) return null;
  const { db } = services;
  const id = await findRecoveryCode(db, actor.id, recovery);
  if (id === null) return null;
  return db.$transaction(async (tx) => {
    if (!(await spendRecoveryCode(tx, id))) return null;
    const left = await tx.recoveryCode.count({ where: { userId: actor.id, usedAt: null } });
    await audit(tx, { actor, action: "factor.recovery", targetId: actor.id, details: { left } });
    return "recovery" as const;
  });
}

/** Neither the step of a code that was used nor an earlier one counts again, whichever process it comes to. */
async function spendStep({ db, env }: CheckServices, userId: number, code: string): Promise<boolean> {
  const factor = await db.secondFactor.findUnique({ where: { userId } });
  const opened = factor && unseal(env, secretPurpose(userId), factor.secret);
  const step = opened ? stepOfCode(opened.text, code) : null;
  if (!factor || !opened || step === null) return false;
  // A secret that was sealed with an older session secret is sealed with the present one, so that the older one can be taken off the list.
  const secret = opened.isCurrent ? {} : { secret: seal(env, secretPurpose(userId), opened.text) };
  const { count } = await db.secondFactor.updateMany({
    where: { userId, secret: factor.secret, lastStep: { lt: step } },
    data: { lastStep: step, ...secret },
  });
  return count > 0;
}
