import type { Prisma } from "../../prisma/generated/client";
import { audit } from "../audit/audit";
import { lockDetails, noteCorrection } from "../corrections/corrections";
import { isUniqueViolation, type Tx } from "../database/db";
import { lockPerson } from "../database/lock-person";
import { tokenHash } from "../platform/token-hash";
import { westernDigits } from "../platform/western-digits";
import type { Services } from "../services";
import { codeHashes, maxCodeAttempts, type Purpose } from "./confirmation";
import { releaseHold } from "./holds";
import { mailTexts } from "./mail-texts";
import { enqueuePhoneOffer } from "./phone-offer";

/** `taken`: another person registered with the new address meanwhile. */
export type ConfirmOutcome = "confirmed" | "dead" | "taken";

export interface OpenConfirmation {
  userId: number;
  email: string;
  purpose: Purpose;
  registeredAt: Date;
}

type Deps = Pick<Services, "db" | "env" | "queue" | "mail">;
type Row = Prisma.EmailConfirmationModel;

const usable = () => ({ expiresAt: { gt: new Date() } });

/** What the mailed link is about; null once it has expired or was used. */
export async function readConfirmation({ db }: Pick<Deps, "db">, token: string): Promise<OpenConfirmation | null> {
  const row = await db.emailConfirmation.findUnique({
    where: { id: tokenHash(token), ...usable() },
    select: { userId: true, email: true, purpose: true, user: { select: { createdAt: true } } },
  });
  return row && { ...row, purpose: row.purpose as Purpose, registeredAt: row.user.createdAt };
}

/** Confirms the address by the mailed link, once. */
export function confirmByLink(services: Deps, token: string): Promise<ConfirmOutcome> {
  return confirm(services, (tx) => tx.emailConfirmation.findUnique({ where: { id: tokenHash(token), ...usable() } }));
}

/** Confirms the address by the mailed code, for the signed-in person. `wrong`: try again; `dead`: no code to try. */
export async function confirmByCode(
  services: Deps,
  { userId, code }: { userId: number; code: string },
): Promise<ConfirmOutcome | "wrong"> {
  const { db, env } = services;
  const open = await db.emailConfirmation.findMany({
    where: { userId, codeAttempts: { lt: maxCodeAttempts }, ...usable() },
  });
  if (open.length === 0) return "dead";
  const typed = westernDigits(code).replace(/\D/g, "");
  const right = open.find(({ id, codeHash }) => codeHashes(env.SESSION_SECRET, id, typed).includes(codeHash));
  // Counted before it is believed: of guesses sent at the same moment none may go uncounted.
  const { count } = await db.emailConfirmation.updateMany({
    where: { id: { in: open.map(({ id }) => id) }, codeAttempts: { lt: maxCodeAttempts } },
    data: { codeAttempts: { increment: 1 } },
  });
  if (count < open.length) return "dead";
  if (!right) return "wrong";
  return confirm(services, (tx) => tx.emailConfirmation.findUnique({ where: { id: right.id, ...usable() } }));
}

async function confirm(services: Deps, find: (tx: Tx) => Promise<Row | null>): Promise<ConfirmOutcome> {
  const { db, env, mail } = services;
  let told: { to: string; locale: string } | undefined;
  try {
    const outcome = await db.$transaction(async (tx) => {
      const row = await find(tx);
      if (!row) return "dead";
      const person = await lockedPerson(tx, row.userId);
      // Of two uses at the same moment the one that deletes the row has won.
      if ((await tx.emailConfirmation.deleteMany({ where: { id: row.id } })).count === 0) return "dead";
      // It proves an address that is no longer the person's.
      if (row.purpose === "confirm" && row.email !== person.email) return "dead";
      told = await apply(tx, services, row, person);
      return "confirmed";
    });
    if (outcome === "confirmed" && told)
      void mail.send({ to: told.to, ...mailTexts(told.locale).changed({ site: new URL(env.APP_URL).host }) });
    return outcome;
  } catch (error) {
    if (error instanceof AddressTaken || isUniqueViolation(error)) return "taken";
    throw error;
  }
}

/** Rolls the confirmation back, since another person has registered with the address in the meantime. */
class AddressTaken extends Error {}

async function lockedPerson(tx: Tx, userId: number): Promise<{ email: string; locale: string }> {
  await lockPerson(tx, userId);
  return tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true, locale: true } });
}

/** Returns the address that is no longer the person's, if one was given up for another. */
async function apply(
  tx: Tx,
  { queue }: Pick<Deps, "queue">,
  { userId, email, purpose }: Row,
  before: { email: string; locale: string },
) {
  if (purpose === "change") {
    // Asked first: a refusal by the database would be a line with the address in its log.
    if (before.email !== email && (await tx.user.count({ where: { email } })) > 0) throw new AddressTaken();
    const details = await lockDetails(tx, userId);
    await tx.user.update({ where: { id: userId }, data: { email, emailConfirmedAt: null }, select: { id: true } });
    // A link for a new password was mailed to the former address, whose mailbox may be another person's by now.
    await tx.passwordReset.deleteMany({ where: { userId } });
    await noteCorrection(tx, queue, { userId, before: details });
  }
  await markConfirmed(tx, queue, userId);
  return purpose === "change" && before.email !== email ? { to: before.email, locale: before.locale } : undefined;
}

/** Notes that the person has proved to own the address on the row, and lets a registration go that waited for it. */
export async function markConfirmed(tx: Tx, queue: Services["queue"], userId: number): Promise<void> {
  const [newly] = await tx.user.updateManyAndReturn({
    where: { id: userId, emailConfirmedAt: null },
    data: { emailConfirmedAt: new Date() },
    select: { role: true },
  });
  if (newly)
    await audit(tx, {
      actor: { kind: "USER", id: userId, role: newly.role },
      action: "email.confirm",
      targetId: userId,
    });
  // Nothing that was mailed to an earlier address may put that one back.
  await tx.emailConfirmation.deleteMany({ where: { userId } });
  await releaseHold(tx, queue, { userId, hold: "email" });
  await enqueuePhoneOffer(tx, queue, userId);
}
