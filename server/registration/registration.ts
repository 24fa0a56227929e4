import type { Prisma } from "../../prisma/generated/client";
import { hashPassword } from "../auth/password";
import { asksForConfirmation, makeConfirmation, sendConfirmation } from "../confirmation/confirmation";
import type { Hold } from "../confirmation/holds";
import type { Tx } from "../database/db";
import { isDatabaseAway } from "../database/unavailable";
import { pickPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import { givenConsent } from "../privacy/consents";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { spendStamp } from "../sign-ups/stamps";
import type { RegistrationInput } from "./registration.schema";
import type { UtmData } from "./utmUtils";

export interface NewRegistration {
  input: Omit<RegistrationInput, "password"> & { password?: string | undefined };
  utm: UtmData;
  locale: string;
  /** The form's stamp, if each form may register only one person. */
  stamp?: string | undefined;
  /** The address that this browser has recently proved to own. */
  provenEmail?: string | null;
  /** Whether an administrator must review the registration before the CRM is told. */
  review?: boolean;
  /** Recognises a request that was sent before; both parts run in the registration's transaction. */
  once?: Once | undefined;
}

interface Once {
  /** The person whom it has registered; null: nobody yet. */
  find(tx: Tx): Promise<number | null>;
  keep(tx: Tx, userId: number): Promise<void>;
}

/**
 * Registers a person: user, attribution and queue job in one transaction, so that either all exist or none. Bitrix24
 * has no part in the answer. Afterwards a confirmation of the address is requested, if settings say so; if they require
 * it, or a review is due, the job is enqueued only after that. Throws CONFLICT if the form has registered another
 * person; EMAIL_TAKEN, decided by the database, also for simultaneous registrations; and BUSY while the database is
 * away or all connections are in use.
 */
export async function registerUser(
  services: Pick<Services, "db" | "queue" | "env" | "mail" | "log">,
  { input, utm, locale, stamp, once, review = false, provenEmail = null }: NewRegistration,
): Promise<{ id: number }> {
  // Outside the transaction: hashing takes longer than everything in it.
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  try {
    const person = {
      ...pickPerson(input),
      passwordHash,
      locale,
      emailConfirmedAt: provenEmail === input.email ? new Date() : null,
      source: utm.first?.utm_source ?? null,
      campaign: utm.first?.utm_campaign ?? null,
    };
    return await insertRegistration(services, person, { ...utm, stamp, review, once });
  } catch (error) {
    if (isDatabaseAway(error)) throw new AppError("BUSY", { cause: error });
    throw error;
  }
}

async function insertRegistration(
  services: Pick<Services, "db" | "queue" | "env" | "mail" | "log">,
  person: Prisma.UserCreateManyInput,
  { first, last, stamp, review, once }: UtmData & Pick<NewRegistration, "stamp" | "review" | "once">,
): Promise<{ id: number }> {
  const { db, queue, env } = services;
  const asks = asksForConfirmation(env) && !person.emailConfirmedAt;
  const holds: Hold[] = [];
  if (asks && env.EMAIL_CONFIRMATION === "required") holds.push("email");
  if (review) holds.push("review");
  const held = holds.length > 0;
  const { user, made } = await db.$transaction(async (tx) => {
    const known = await once?.find(tx);
    if (known != null) return { user: { id: known } };
    // `skipDuplicates` instead of a caught error: PostgreSQL would write the address of a unique violation into its
    // log.
    const [user] = await tx.user.createManyAndReturn({
      data: [held ? { ...person, crmState: "HELD", holds } : person],
      skipDuplicates: true,
      select: { id: true, email: true, locale: true },
    });
    if (!user) throw new AppError("EMAIL_TAKEN");
    // Checked after the address: a form that was sent twice must find its own registration, not a used form.
    if (stamp !== undefined && !(await spendStamp(tx, stamp))) throw new AppError("CONFLICT");
    await tx.attribution.create({
      data: { userId: user.id, ...(first ? { first } : {}), ...(last ? { last } : {}) },
      select: { userId: true },
    });
    await tx.consent.create({ data: { userId: user.id, ...givenConsent(user.locale) }, select: { id: true } });
    if (!held) await queue.enqueue(tx, "crm-registration", user.id, { priority: priorities.registration });
    await once?.keep(tx, user.id);
    const made = asks
      ? await makeConfirmation(tx, env, { userId: user.id, email: user.email, purpose: "confirm" })
      : undefined;
    return { user, made };
  });
  if (made) void sendConfirmation(services, made);
  return { id: user.id };
}
