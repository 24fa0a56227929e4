import { hashPassword } from "../auth/password";
import { type Db, isUniqueViolation } from "../database/db";
import { pickPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import type { RegistrationInput } from "./registration.schema";
import type { UtmData } from "./utmUtils";

/** The wording people agree to; a new wording gets a new date. */
export const consentVersion = "2026-11-22";

/**
 * Registers a person: user, attribution and queue job in one transaction, so that either everything exists or
 * nothing does, and the CRM has no part in the answer. Throws AppError EMAIL_TAKEN, which is the database's verdict
 * (two equal registrations at the same moment included), and BUSY when no connection became free in time.
 */
export async function registerUser(
  { db, queue }: Pick<Services, "db" | "queue">,
  { input, utm, locale }: { input: RegistrationInput; utm: UtmData; locale: string },
): Promise<{ id: number }> {
  // Outside the transaction: hashing takes longer than everything in it.
  const passwordHash = await hashPassword(input.password);
  try {
    return await insertRegistration(db, queue, {
      ...pickPerson(input),
      passwordHash,
      locale,
      consentVersion,
      consentAt: new Date(),
      source: utm.first?.utm_source ?? null,
      campaign: utm.first?.utm_campaign ?? null,
      attribution: { create: { ...(utm.first ? { first: utm.first } : {}), ...(utm.last ? { last: utm.last } : {}) } },
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError("EMAIL_TAKEN", { cause: error });
    // P2028: every connection was busy for the whole wait.
    if ((error as { code?: unknown }).code === "P2028") throw new AppError("BUSY", { cause: error });
    throw error;
  }
}

function insertRegistration(
  db: Db,
  queue: Services["queue"],
  data: Parameters<Db["user"]["create"]>[0]["data"],
): Promise<{ id: number }> {
  return db.$transaction(async (tx) => {
    const user = await tx.user.create({ data, select: { id: true } });
    await queue.enqueue(tx, "crm-registration", user.id, { priority: priorities.registration });
    return user;
  });
}
