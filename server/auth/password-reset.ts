import { randomBytes } from "node:crypto";
import { forgetGuesses } from "../attempts/guesses";
import { audit } from "../audit/audit";
import { markConfirmed } from "../confirmation/confirm";
import { takeMailTurn } from "../confirmation/mail-limits";
import { lockPerson } from "../database/lock-person";
import { emailSchema } from "../person/schema";
import { readableEmail } from "../platform/email-address";
import { AppError } from "../platform/errors";
import { passwordLimits } from "../platform/password-limits";
import { passwordProblem } from "../platform/password-policy";
import { tokenHash } from "../platform/token-hash";
import type { Services } from "../services";
import { passwordGuesses } from "./account-guesses";
import { revokeTokensOf } from "./api-tokens";
import { knownDevice, rememberDevice } from "./known-device";
import { hashPassword } from "./password";
import { endSessionsOf } from "./sessions";
import { tellOwner } from "./tell-owner";
import { verifiedColumns } from "./verified";

const lifetimeMs = 60 * 60 * 1_000;

type Words = (link: string) => { subject: string; text: string };

/** `limited`: three links were requested within the hour. */
export type ResetRequest = "sent" | "limited";

/**
 * Mails a link for a new password if this address is registered. Neither the answer nor its timing tells the caller
 * whether it is: the work goes on after the return, and failures go to the log.
 */
export async function requestPasswordReset(
  services: Pick<Services, "db" | "env" | "log" | "mail">,
  { email, words }: { email: string; words: Words },
): Promise<ResetRequest> {
  const { db, env, log } = services;
  const parsed = emailSchema.safeParse(email);
  // Text that is no valid address is counted as well.
  const allowed = await takeMailTurn(db, env, { kind: "reset", email: parsed.data ?? email });
  if (!allowed) return "limited";
  if (parsed.success)
    sendResetLink(services, parsed.data, words).catch((error: unknown) => {
      log.error({ err: error }, "password reset was not sent");
    });
  return "sent";
}

async function sendResetLink(
  { db, env, mail }: Pick<Services, "db" | "env" | "mail">,
  email: string,
  words: Words,
): Promise<void> {
  const token = randomBytes(32).toString("base64url");
  const isMade = await db.$transaction(async (tx) => {
    // Locked, so that a change of the address comes before, and nothing is found, or ends this link.
    const [user] = await tx.$queryRaw<{ id: number }[]>`
      select id from "User" where email = ${email} and "erasedAt" is null for no key update`;
    if (!user) return false;
    const expiresAt = new Date(Date.now() + lifetimeMs);
    await tx.passwordReset.create({ data: { id: tokenHash(token), userId: user.id, expiresAt } });
    return true;
  });
  if (isMade) await mail.send({ to: email, ...words(`${env.APP_URL}/reset/${token}`) });
}

const usable = (token: string) => ({ id: tokenHash(token), expiresAt: { gt: new Date() } });

export interface ResetAccount {
  email: string;
  /** How long the new password must be at least. */
  leastPassword: number;
  /** Administrators may have API tokens, which end as well. */
  isAdmin: boolean;
}

/** The account whose password the link changes; null if the link no longer works. */
export async function resetAccount({ db }: Pick<Services, "db">, token: string): Promise<ResetAccount | null> {
  const reset = await db.passwordReset.findUnique({
    where: usable(token),
    select: { user: { select: { email: true, role: true } } },
  });
  if (!reset) return null;
  const { email, role } = reset.user;
  const { min, minForAdministrators } = passwordLimits;
  const isAdmin = role === "ADMIN";
  return { email: readableEmail(email), leastPassword: isAdmin ? minForAdministrators : min, isAdmin };
}

/** Personal data that a password must not contain, and how the owner is told. */
const owner = {
  ...{ email: true, firstName: true, lastName: true, phone: true, role: true, locale: true },
  ...verifiedColumns,
} as const;

interface Reset {
  token: string;
  password: string;
  cookieHeader?: string | null | undefined;
}

/**
 * Sets the new password, once. All links of the person are used up, all sessions and API tokens end, and the address
 * counts as confirmed; the owner is told by mail. Returns the cookies; null if the link has expired or was used before, also by a simultaneous
 * request. Throws INVALID with the `problem` of a password that this person may not have; the link then still works.
 */
export async function resetPassword(
  services: Pick<Services, "db" | "env" | "queue" | "mail">,
  { token, password, cookieHeader = null }: Reset,
): Promise<string[] | null> {
  const { db, env, queue } = services;
  const reset = await db.passwordReset.findUnique({ where: usable(token), select: { user: { select: owner } } });
  if (!reset) return null;
  const { role, ...known } = reset.user;
  const problem = passwordProblem(password, { ...known, isAdmin: role === "ADMIN", site: env });
  if (problem) throw new AppError("INVALID", { details: { problem } });
  const passwordHash = await hashPassword(password);
  const done = await db.$transaction(async (tx) => {
    const reset = await tx.passwordReset.findUnique({ where: usable(token), select: { userId: true } });
    if (!reset) return false;
    const { userId } = reset;
    await lockPerson(tx, userId);
    // Of two simultaneous requests the one that deletes the row succeeds.
    const { count } = await tx.passwordReset.deleteMany({ where: { userId } });
    if (count === 0) return false;
    await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    await endSessionsOf(tx, userId);
    // The link was mailed to the address: its use proves that the person owns the address.
    await markConfirmed(tx, queue, userId);
    const tokens = await revokeTokensOf(tx, userId);
    await audit(tx, {
      actor: { kind: "USER", id: userId, role },
      action: "password.reset",
      targetId: userId,
      details: tokens > 0 ? { tokens } : {},
    });
    return true;
  });
  if (!done) return null;
  await tellOwner(services, known, "password");
  // The mailbox alone is not the second factor, so the link makes no browser known where one is asked for.
  const mayKnow = known.secondFactor === null || knownDevice(env, cookieHeader, known) !== null;
  const changed = { ...known, passwordHash };
  const cookies = mayKnow ? [rememberDevice(env, cookieHeader, changed)] : [];
  const deviceIds = [null, ...cookies.map((cookie) => knownDevice(env, cookie, changed))];
  const counters = deviceIds.flatMap((id) => passwordGuesses({ userId: known.id, email: known.email }, id));
  await forgetGuesses({ db, env }, ...counters.map(({ key }) => key));
  return cookies;
}
