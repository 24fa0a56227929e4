import { forgetGuesses, type GuessCounter, takeGuessOfEach } from "../../attempts/guesses";
import type { Actor } from "../../audit/actor";
import { audit, auditCounted } from "../../audit/audit";
import { signInAttempts } from "../../platform/counters";
import { AppError } from "../../platform/errors";
import { seal, unseal } from "../../platform/seal";
import type { Services } from "../../services";
import { findRecoveryCode, readRecoveryCode, spendRecoveryCode } from "./recovery-codes";
import { readCode, stepOfCode } from "./totp";

type CheckServices = Pick<Services, "db" | "env">;

/** Binds a sealed secret to its person. */
export const secretPurpose = (userId: number): string => `secret:${userId}`;

/**
 * The counter of a signed-in person's wrong codes, apart from those at the sign-in: these do not prevent the owner from
 * switching the second factor off.
 */
export const sessionCodeGuesses = (userId: number): GuessCounter[] => [{ key: `code-session:${userId}` }];

/**
 * Accepts a code of the authenticator, or a recovery code, once. The attempt is counted before the code is checked,
 * across all processes. Throws UNAUTHORIZED if the code is wrong or was used before, and TOO_MANY with the seconds to
 * wait as `retryAfter`.
 */
export async function takeCode(
  services: CheckServices,
  { actor, code, guesses }: { actor: Extract<Actor, { kind: "USER" }>; code: string; guesses: GuessCounter[] },
): Promise<"authenticator" | "recovery"> {
  const wait = await takeGuessOfEach(services, guesses);
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
  await forgetGuesses(services, ...guesses.map(({ key }) => key));
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

/** Neither the time step of a used code nor an earlier one is accepted again, by any process. */
async function spendStep({ db, env }: CheckServices, userId: number, code: string): Promise<boolean> {
  const factor = await db.secondFactor.findUnique({ where: { userId } });
  const opened = factor && unseal(env, secretPurpose(userId), factor.secret);
  const step = opened ? stepOfCode(opened.text, code) : null;
  if (!factor || !opened || step === null) return false;
  // Re-seal a secret that an older session secret has sealed, so that the older session secret can be removed.
  const secret = opened.isCurrent ? {} : { secret: seal(env, secretPurpose(userId), opened.text) };
  const { count } = await db.secondFactor.updateMany({
    where: { userId, secret: factor.secret, lastStep: { lt: step } },
    data: { lastStep: step, ...secret },
  });
  return count > 0;
}
