import { z } from "zod";
import type { Role } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { makeConfirmation, sendConfirmation } from "../confirmation/confirmation";
import { takeChangeTurn, takeMailTurn } from "../confirmation/mail-limits";
import { lockDetails, noteCorrection } from "../corrections/corrections";
import { isUniqueViolation, type Tx } from "../database/db";
import { lockPerson } from "../database/lock-person";
import { type PersonData, personFieldNames, pickPerson } from "../person/fields";
import { emailSchema, personShape, withExtension } from "../person/schema";
import { AppError } from "../platform/errors";
import { canMail } from "../platform/mail";
import type { Services } from "../services";
import { mergeDetails, type ShownDetails } from "./merge-details";

type Deps = Pick<Services, "db" | "env" | "log" | "mail" | "queue">;

/** What a person may correct at once. The e-mail is the sign-in name and changes only once it is confirmed. */
const { email: _, ...correctable } = personShape;
const detailsObject = z.strictObject(correctable, {
  error: (issue) => (issue.code === "unrecognized_keys" ? "unknown_field" : "invalid"),
});
export const detailsSchema = detailsObject.transform(withExtension);
export const detailFields = detailsObject.keyof().options;

export type Details = z.output<typeof detailsSchema>;

/**
 * Corrects name, company and phone; the CRM follows by a job. Equal values write nothing. `shown`: what the page showed, so that
 * what was changed meanwhile is not taken back. Throws NOT_FOUND and OvertakenDetailsError.
 */
export async function changeDetails(
  { db, queue }: Pick<Deps, "db" | "queue">,
  {
    actor,
    userId,
    details,
    shown = null,
  }: { actor: Actor; userId: number; details: Details; shown?: ShownDetails | null },
): Promise<{ changed: (keyof PersonData)[] }> {
  return db.$transaction(async (tx) => {
    const before = await lockDetails(tx, userId);
    const after = pickPerson({ ...mergeDetails(details, { shown, now: before }), email: before.email });
    const changed = personFieldNames.filter((name) => before[name] !== after[name]);
    if (changed.length === 0 && before.phoneExtension === after.phoneExtension) return { changed };
    await tx.user.update({ where: { id: userId }, data: after, select: { id: true } });
    await noteCorrection(tx, queue, { userId, before });
    await audit(tx, { actor, action: "person.change", targetId: userId, details: { fields: changed } });
    return { changed };
  });
}

/**
 * `asked`: a mail was sent. `changed`: at once, since no mail can be sent. `kept`: the present one, in place of another that was
 * asked for. `taken`: registered by another person.
 */
export type EmailChange = "asked" | "changed" | "kept" | "same" | "taken" | "limited" | "off";

/**
 * Asks for another e-mail: a mail to it confirms the change, and the old address is told. Where no mail can be sent,
 * only an administrator may change it, and it counts as not confirmed. Whether an address is registered is told three
 * times an hour for each person: any more, and a person could ask for one address after the other. Throws a ZodError
 * for an invalid address, NOT_FOUND, UNAUTHORIZED if `sessionId`, the session that asks, has ended, and CONFLICT for
 * another administrator's address.
 */
export async function requestEmailChange(
  services: Deps,
  { actor, userId, email, sessionId }: { actor: Actor; userId: number; email: string; sessionId: string | null },
): Promise<EmailChange> {
  const { db, env } = services;
  const to = emailSchema.parse(email);
  const user = await db.user.findUnique({ where: { id: userId, erasedAt: null }, select: { email: true, role: true } });
  if (!user) throw new AppError("NOT_FOUND");
  // Before anything is counted against the person or ended for them; asked once more under the lock.
  assertChangeable(actor, userId, user.role);
  if (user.email === to) return (await endChange(db, userId)) ? "kept" : "same";
  const mails = canMail(env);
  if (!mails && (actor.role !== "ADMIN" || actor.id === userId)) return "off";
  if (mails && !(await takeChangeTurn(db, env, userId))) return "limited";
  if ((await db.user.count({ where: { email: to } })) > 0) return "taken";
  if (!mails) return changeUnconfirmed(services, { actor, userId, email: to, sessionId });
  if (!(await takeMailTurn(db, env, { kind: "change", email: to }))) return "limited";
  const made = await db.$transaction(async (tx) => {
    await lockDetails(tx, userId);
    assertChangeable(actor, userId, await roleOf(tx, userId));
    await assertOpen(tx, sessionId);
    await audit(tx, { actor, action: "email.ask", targetId: userId });
    return makeConfirmation(tx, env, { userId, email: to, purpose: "change" });
  });
  void sendConfirmation(services, made);
  return "asked";
}

/** Ends a change of address that was asked for; false: there was none. */
const endChange = (db: Services["db"], userId: number): Promise<boolean> =>
  db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    return (await tx.emailConfirmation.deleteMany({ where: { userId, purpose: "change" } })).count > 0;
  });

/**
 * What ends the other sessions of a person ends a change of address as well. It may come while the change is being asked for
 * by one of those sessions, which then must not leave another. Asked under the lock of the person.
 */
async function assertOpen(tx: Tx, sessionId: string | null): Promise<void> {
  const open = sessionId === null ? 0 : await tx.session.count({ where: { id: sessionId } });
  if (open === 0) throw new AppError("UNAUTHORIZED");
}

/** Links for a new password go to the address: one administrator could take over the account of another by it. */
function assertChangeable(actor: Actor, userId: number, role: Role): void {
  if (actor.kind === "USER" && actor.id === userId) return;
  if (role === "ADMIN") throw new AppError("CONFLICT", { details: {} });
}

/** Read under the lock of the person, who may become an administrator while another address is being asked for. */
const roleOf = async (tx: Tx, id: number): Promise<Role> =>
  (await tx.user.findUniqueOrThrow({ where: { id }, select: { role: true } })).role;

async function changeUnconfirmed(
  { db, queue }: Deps,
  { actor, userId, email, sessionId }: { actor: Actor; userId: number; email: string; sessionId: string | null },
): Promise<EmailChange> {
  try {
    await db.$transaction(async (tx) => {
      const before = await lockDetails(tx, userId);
      assertChangeable(actor, userId, await roleOf(tx, userId));
      await assertOpen(tx, sessionId);
      const unconfirmed = { email, emailConfirmedAt: null, confirmationSentAt: null };
      await tx.user.update({ where: { id: userId }, data: unconfirmed, select: { id: true } });
      // Links were mailed to the former address, whose mailbox may be another person's by now.
      await tx.passwordReset.deleteMany({ where: { userId } });
      await tx.emailConfirmation.deleteMany({ where: { userId } });
      await noteCorrection(tx, queue, { userId, before });
      await audit(tx, { actor, action: "person.change", targetId: userId, details: { fields: ["email"] } });
    });
    return "changed";
  } catch (error) {
    if (isUniqueViolation(error)) return "taken";
    throw error;
  }
}
