import type { Tx } from "../database/db";
import { lockPerson } from "../database/lock-person";
import { readableEmail } from "../platform/email-address";
import { canMail } from "../platform/mail";
import type { Services } from "../services";
import { makeConfirmation, type Purpose, sendConfirmation } from "./confirmation";
import { takeChangeTurn, takeMailTurn } from "./mail-limits";

type Deps = Pick<Services, "db" | "env" | "log" | "mail">;

/** An address that waits to be confirmed, as it is stored. */
interface Open {
  email: string;
  purpose: Purpose;
}

/** One that is to take the present address's place, else the present one; null: none waits. */
async function readOpen(db: Tx, userId: number): Promise<Open | null> {
  const change = await db.emailConfirmation.findFirst({
    where: { userId, purpose: "change", expiresAt: { gt: new Date() } },
    select: { email: true },
  });
  if (change) return { email: change.email, purpose: "change" };
  const user = await db.user.findUnique({ where: { id: userId }, select: { email: true, emailConfirmedAt: true } });
  return user && !user.emailConfirmedAt ? { email: user.email, purpose: "confirm" } : null;
}

/** The address that waits to be confirmed, as people write it; null: none. */
export async function openAddress({ db }: Pick<Deps, "db">, userId: number): Promise<string | null> {
  const open = await readOpen(db, userId);
  return open && readableEmail(open.email);
}

/**
 * `limited`: three were asked for within the hour. `confirmed`: nothing waits. `taken`: another person registered with the new
 * address meanwhile. `off`: no mail can be sent.
 */
export type ResendOutcome = "sent" | "limited" | "confirmed" | "taken" | "off";

/**
 * Mails a new link and code for the address that waits to be confirmed; the ones before end. A change of address is as limited
 * as when it was asked for, and is not opened again if it has ended.
 */
export async function resendConfirmation(services: Deps, userId: number): Promise<ResendOutcome> {
  const { db, env } = services;
  if (!canMail(env)) return "off";
  const open = await readOpen(db, userId);
  if (!open) return "confirmed";
  const { email, purpose } = open;
  if (purpose === "change") {
    if (!(await takeChangeTurn(db, env, userId))) return "limited";
    if ((await db.user.count({ where: { email, id: { not: userId } } })) > 0) return "taken";
  }
  if (!(await takeMailTurn(db, env, { kind: purpose, email }))) return "limited";
  const made = await db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    // The person may have confirmed, asked for another address, ended the change by a new password or been erased meanwhile.
    const now = await readOpen(tx, userId);
    const isSame = now?.email === email && now.purpose === purpose;
    return isSame ? makeConfirmation(tx, env, { userId, email, purpose }) : null;
  });
  if (!made) return "confirmed";
  void sendConfirmation(services, made);
  return "sent";
}
