import { createHmac, randomBytes, randomInt } from "node:crypto";
import type { Tx } from "../database/db";
import { lockPerson } from "../database/lock-person";
import { canMail } from "../platform/mail";
import { tokenHash } from "../platform/token-hash";
import type { Services } from "../services";
import { mailTexts } from "./mail-texts";

/** Link and code alike. */
const lifetimeMs = 24 * 60 * 60 * 1_000;
/** Wrong codes, after which only the link still works: six digits must not be found by trying. */
export const maxCodeAttempts = 5;

export type Purpose = "confirm" | "change";

/** Hashes of a code by each of the secrets, the one that signs now first. */
export const codeHashes = (secrets: string[], id: string, code: string): string[] =>
  secrets.map((secret) => createHmac("sha256", secret).update(`code:${id}:${code}`).digest("hex"));

/** What is mailed; known only between making and sending. */
export interface MadeConfirmation {
  id: string;
  token: string;
  code: string;
  userId: number;
  email: string;
  purpose: Purpose;
}

type Deps = Pick<Services, "db" | "env" | "log" | "mail">;

/** Whether registrations are to be confirmed, and a mail can ask for it. */
export const asksForConfirmation = (env: Services["env"]): boolean => env.EMAIL_CONFIRMATION !== "off" && canMail(env);

/** Whether the CRM is told only after the address is confirmed. */
export const holdsUntilConfirmed = (env: Services["env"]): boolean =>
  env.EMAIL_CONFIRMATION === "required" && asksForConfirmation(env);

/** The row of a confirmation but for its person, and what is mailed of it. */
export interface NewConfirmation {
  row: { id: string; email: string; purpose: Purpose; codeHash: string; createdAt: Date; expiresAt: Date };
  token: string;
  code: string;
}

/** Makes a link and a code, which are good once the row is written. */
export function newConfirmation(
  { SESSION_SECRET }: Pick<Services["env"], "SESSION_SECRET">,
  { email, purpose, createdAt = new Date() }: { email: string; purpose: Purpose; createdAt?: Date | undefined },
): NewConfirmation {
  const token = randomBytes(32).toString("base64url");
  const id = tokenHash(token);
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  const codeHash = codeHashes(SESSION_SECRET, id, code)[0] ?? "";
  return {
    row: { id, email, purpose, codeHash, createdAt, expiresAt: new Date(Date.now() + lifetimeMs) },
    token,
    code,
  };
}

/** What is to be mailed of a confirmation whose row is written. */
export const madeConfirmation = (userId: number, { row, token, code }: NewConfirmation): MadeConfirmation => ({
  id: row.id,
  email: row.email,
  purpose: row.purpose,
  token,
  code,
  userId,
});

interface WantedConfirmation {
  userId: number;
  email: string;
  purpose: Purpose;
  /** Like `codeAttempts` of the one whose place it takes, if that could not be mailed. */
  createdAt?: Date;
  codeAttempts?: number;
}

/** Writes a link and a code in the caller's transaction. Those of the same purpose that were made before end. */
export async function makeConfirmation(
  tx: Tx,
  env: Services["env"],
  { userId, codeAttempts = 0, ...wanted }: WantedConfirmation,
): Promise<MadeConfirmation> {
  const made = newConfirmation(env, wanted);
  await lockPerson(tx, userId);
  await tx.emailConfirmation.deleteMany({ where: { userId, purpose: wanted.purpose } });
  await tx.emailConfirmation.create({ data: { ...made.row, userId, codeAttempts } });
  return madeConfirmation(userId, made);
}

/**
 * Mails what was made, in the person's language; true if the mail server took it. Not to be waited for where a person waits
 * for a page. `signal` ends the attempt.
 */
export async function sendConfirmation(
  { db, env, log, mail }: Deps,
  made: MadeConfirmation,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const user = await db.user.findUnique({ where: { id: made.userId }, select: { locale: true } });
    if (!user) return false;
    const words = mailTexts(user.locale)[made.purpose];
    const site = new URL(env.APP_URL).host;
    const link = `${env.APP_URL}/confirm/${made.token}`;
    const sent = await mail.send({ to: made.email, ...words({ link, code: made.code, site }) }, signal);
    if (sent) await noteSent({ db }, made);
    return sent;
  } catch (err) {
    log.error({ err, userId: made.userId }, "confirmation was not sent");
    return false;
  }
}

/** By updateMany, because the person may have been quicker. */
async function noteSent({ db }: Pick<Deps, "db">, { id, userId, email, purpose }: MadeConfirmation): Promise<void> {
  const now = new Date();
  await db.emailConfirmation.updateMany({ where: { id }, data: { sentAt: now } });
  if (purpose !== "confirm") return;
  await db.user.updateMany({
    where: { id: userId, email, emailConfirmedAt: null, erasedAt: null },
    data: { confirmationSentAt: now },
  });
}
