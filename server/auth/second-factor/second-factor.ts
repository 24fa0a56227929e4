import { type Actor, systemActor } from "../../audit/actor";
import { audit } from "../../audit/audit";
import type { Tx } from "../../database/db";
import { AppError, isAppError } from "../../platform/errors";
import type { Services } from "../../services";
import { dropExpiredSessions, startSession } from "../auth";
import { assertOwnPassword } from "../confirm-password";
import { rememberDevice } from "../known-device";
import { endSessionsOf } from "../sessions";
import { ownerColumns, tellOwner } from "../tell-owner";
import { lockForChange, type Verified } from "../verified";
import { sessionCodeGuesses, takeCode } from "./check-code";
import { makeRecoveryCodes, storeRecoveryCodes } from "./recovery-codes";

type FactorServices = Pick<Services, "db" | "env" | "mail">;
type PageActor = Extract<Actor, { kind: "USER" }>;

export interface SecondFactorView {
  enabledAt: string;
  /** Unused recovery codes. */
  codesLeft: number;
}

/** A person's second factor; null if there is none. */
export async function readSecondFactor({ db }: Pick<Services, "db">, userId: number): Promise<SecondFactorView | null> {
  const factor = await db.secondFactor.findUnique({ where: { userId }, select: { enabledAt: true } });
  if (!factor) return null;
  const codesLeft = await db.recoveryCode.count({ where: { userId, usedAt: null } });
  return { enabledAt: factor.enabledAt.toISOString(), codesLeft };
}

/** The browser in which it is switched on or off. */
export interface FactorBrowser {
  userAgent: string | null;
  cookieHeader?: string | null | undefined;
}

interface Proof {
  actor: PageActor;
  password: string;
  code: string;
}

/**
 * Switches the second factor off, with the password and a code. Other sessions end, and the marks of all devices. Returns
 * the cookies of this browser's new session and mark. Throws as assertOwnPassword does for the password, with
 * `field: "password"`, and as takeCode does for the code.
 */
export async function disableSecondFactor(
  services: FactorServices,
  { userAgent, cookieHeader = null, ...proof }: Proof & FactorBrowser,
): Promise<string[]> {
  const { actor } = proof;
  const { db, env } = services;
  const verified = await prove(services, proof);
  const { setCookie, owner } = await db.$transaction(async (tx) => {
    await lockForChange(tx, verified);
    await dropSecondFactor(tx, actor.id);
    await endSessionsOf(tx, actor.id);
    await audit(tx, { actor, action: "factor.disable", targetId: actor.id });
    const { role, ...owner } = await tx.user.findUniqueOrThrow({
      where: { id: actor.id },
      select: { role: true, ...ownerColumns },
    });
    return { owner, setCookie: await startSession({ db: tx, env }, actor.id, userAgent, role) };
  });
  await tellOwner(services, owner, "factorOff");
  await dropExpiredSessions(services);
  return [setCookie, rememberDevice(env, cookieHeader, { ...verified, secondFactor: null })];
}

/** Makes new recovery codes, with the password and a code; the old ones count no longer. Throws as disableSecondFactor does. */
export async function renewRecoveryCodes(services: FactorServices, proof: Proof): Promise<string[]> {
  const { actor } = proof;
  const verified = await prove(services, proof);
  const recovery = await makeRecoveryCodes();
  const owner = await services.db.$transaction(async (tx) => {
    await lockForChange(tx, verified);
    await storeRecoveryCodes(tx, actor.id, recovery);
    await audit(tx, { actor, action: "factor.codes", targetId: actor.id });
    return tx.user.findUniqueOrThrow({ where: { id: actor.id }, select: ownerColumns });
  });
  await tellOwner(services, owner, "codes");
  return recovery.codes;
}

async function prove(services: FactorServices, { actor, password, code }: Proof): Promise<Verified> {
  const verified = await assertOwnPassword(services, actor.id, password).catch((error: unknown) => {
    if (!isAppError(error, "UNAUTHORIZED")) throw error;
    throw new AppError("UNAUTHORIZED", { details: { field: "password" } });
  });
  await takeCode(services, { actor, code, guesses: sessionCodeGuesses(actor.id) });
  return verified;
}

/** Removes the second factor and its recovery codes; false if there was none. */
export async function dropSecondFactor(tx: Tx, userId: number): Promise<boolean> {
  await tx.recoveryCode.deleteMany({ where: { userId } });
  return (await tx.secondFactor.deleteMany({ where: { userId } })).count > 0;
}

/** Removes the second factor of an administrator who has lost both authenticator and recovery codes. Sessions end. */
export async function resetSecondFactor(
  { db }: Pick<Services, "db">,
  email: string,
): Promise<"reset" | "nobody" | "no second factor"> {
  return db.$transaction(async (tx) => {
    // Locked, so that a sign-in with the lost second factor comes before, and its session ends here, or is refused.
    const [user] = await tx.$queryRaw<{ id: number }[]>`
      select id from "User" where email = ${email} and "erasedAt" is null for update`;
    if (!user) return "nobody";
    if (!(await dropSecondFactor(tx, user.id))) return "no second factor";
    await endSessionsOf(tx, user.id);
    await audit(tx, { actor: systemActor, action: "factor.reset", targetId: user.id });
    return "reset";
  });
}
