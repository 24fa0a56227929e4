import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { AppError, isAppError } from "../platform/errors";
import { passwordLength, passwordLimits } from "../platform/password-limits";
import { passwordProblem } from "../platform/password-policy";
import type { Services } from "../services";
import { assertOwnPassword } from "./confirm-password";
import { rememberDevice } from "./known-device";
import { hashPassword, verifyPassword } from "./password";
import { sessionIdOf } from "./session-cookie";
import { endSessionsOf } from "./sessions";
import { tellOwner } from "./tell-owner";
import { lockForChange, type Verified, verifiedColumns } from "./verified";

type Deps = Pick<Services, "db" | "env" | "mail">;

/** How long a form that changes the password may be submitted again because its answer was lost. */
const sentAgainMs = 15 * 60_000;

/**
 * This person, if they have recently changed to that password. The time limit prevents strangers from using this as one
 * more guess.
 */
async function changedAlready({ db }: Pick<Deps, "db">, userId: number, password: string): Promise<Verified | null> {
  if (passwordLength(password) > passwordLimits.max) return null;
  const change = await db.auditEntry.findFirst({
    where: {
      action: "password.change",
      actorKind: "USER",
      actorId: userId,
      targetId: userId,
      at: { gt: new Date(Date.now() - sentAgainMs) },
    },
    select: { id: true },
  });
  if (!change) return null;
  const user = await db.user.findUnique({ where: { id: userId }, select: verifiedColumns });
  return user && (await verifyPassword(user.passwordHash, password)) ? user : null;
}

interface PasswordChange {
  actor: Extract<Actor, { kind: "USER" }>;
  current: string;
  next: string;
  cookieHeader: string | null;
}

/**
 * Changes the password, given the old one. A repeated submission changes nothing and is no failure. All other sessions
 * end, all mailed links for a new password or for another address, and the marks of all devices; returns the Set-Cookie
 * that makes this browser a known device again. The owner is told by mail. Throws as assertOwnPassword does, and INVALID with the `problem` of a
 * password that this person may not have.
 */
export async function changePassword(services: Deps, change: PasswordChange): Promise<string> {
  const changed = await replace(services, change).catch(async (error: unknown) => {
    if (!isAppError(error, "UNAUTHORIZED")) throw error;
    const known = await changedAlready(services, change.actor.id, change.next);
    if (!known) throw error;
    return known;
  });
  return rememberDevice(services.env, change.cookieHeader, changed);
}

async function replace(services: Deps, { actor, current, next, cookieHeader }: PasswordChange): Promise<Verified> {
  const { db, env } = services;
  const verified = await assertOwnPassword(services, actor.id, current);
  const { role, locale, ...owner } = await db.user.findUniqueOrThrow({
    where: { id: actor.id },
    select: { email: true, firstName: true, lastName: true, phone: true, role: true, locale: true },
  });
  const problem = passwordProblem(next, { ...owner, isAdmin: role === "ADMIN", site: env });
  if (problem) throw new AppError("INVALID", { details: { problem } });
  const passwordHash = await hashPassword(next);
  const here = sessionIdOf(env, cookieHeader);
  await db.$transaction(async (tx) => {
    // Another password may have been set since the old one was looked at, such as an administrator's by the operator.
    await lockForChange(tx, verified);
    await tx.user.update({ where: { id: actor.id }, data: { passwordHash }, select: { id: true } });
    await endSessionsOf(tx, actor.id, here);
    await tx.passwordReset.deleteMany({ where: { userId: actor.id } });
    await audit(tx, { actor, action: "password.change", targetId: actor.id });
  });
  await tellOwner(services, { email: owner.email, locale }, "password");
  return { ...verified, passwordHash };
}
