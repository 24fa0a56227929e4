import type { NewSession } from "../auth/auth";
import { hashPassword } from "../auth/password";
import {
  asksForConfirmation,
  holdsUntilConfirmed,
  madeConfirmation,
  newConfirmation,
  sendConfirmation,
} from "../confirmation/confirmation";
import type { Hold } from "../confirmation/holds";
import { type GivenConsent, givenConsent } from "../consents/record";
import type { Tx } from "../database/db";
import { selectPrepared } from "../database/prepared";
import { isDatabaseAway, retryAfterSeconds } from "../database/unavailable";
import type { Answers } from "../forms/answers";
import { pickPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import { inSpan } from "../platform/tracing";
import type { Services } from "../services";
import { insertRegistration, type RegistrationRows, type Run } from "./insert-registration";
import type { RegistrationInput } from "./registration.schema";
import type { UtmData } from "./utmUtils";

export interface NewRegistration {
  input: Omit<RegistrationInput, "password"> & { password?: string | undefined };
  utm: UtmData;
  locale: string;
  /** What the person has agreed to. Left out: the built-in consent alone. */
  consents?: GivenConsent[];
  /** The form by which the person registers; null or left out: the first one, or another way. */
  formId?: number | null;
  /** Checked answers to that form's own questions. */
  answers?: Answers;
  /** The form's stamp, if each form may register only one person. */
  stamp?: string | undefined;
  /** The address that this browser has recently proved to own. */
  provenEmail?: string | null;
  /** Whether an administrator must review the registration before the CRM is told. */
  review?: boolean;
  /** Opened together with the registration. */
  session?: NewSession | undefined;
  /** The password's hash, if it has begun before; undefined as its outcome: it is made here. */
  passwordHash?: Promise<string | undefined> | undefined;
  /** Recognises a request that was sent before; both parts run in the registration's transaction. */
  once?: Once | undefined;
}

interface Once {
  /** The person whom it has registered; null: nobody yet. */
  find(tx: Tx): Promise<number | null>;
  keep(tx: Tx, userId: number): Promise<void>;
}

type Deps = Pick<Services, "db" | "pool" | "queue" | "env" | "mail" | "log">;

/**
 * Registers a person: user, attribution and queue job in one statement, so that either all exist or none. Bitrix24
 * has no part in the answer. Afterwards a confirmation of the address is requested, if settings say so; if they require
 * it, or a review is due, the job is enqueued only after that. Throws CONFLICT if the form has registered another
 * person; EMAIL_TAKEN, decided by the database, also for simultaneous registrations; and BUSY while the database is
 * away or all connections are in use.
 */
export async function registerUser(services: Deps, registration: NewRegistration): Promise<{ id: number }> {
  const { password } = registration.input;
  // Outside the transaction: hashing takes longer than everything in it.
  const passwordHash =
    password === undefined ? null : ((await registration.passwordHash) ?? (await hashInSpan(password)));
  return inSpan("registration", () => saveRegistration(services, registration, passwordHash));
}

/** Begins to hash the password of a registration whose attempt is still being counted; it never rejects. */
export const beginHash = (password: string): Promise<string | undefined> => hashInSpan(password).catch(() => undefined);

const hashInSpan = (password: string) => inSpan("password hash", () => hashPassword(password));

async function saveRegistration(
  services: Deps,
  registration: NewRegistration,
  passwordHash: string | null,
): Promise<{ id: number }> {
  const {
    input,
    utm,
    locale,
    stamp,
    session,
    once,
    formId = null,
    answers = {},
    review = false,
    provenEmail = null,
  } = registration;
  const { db, pool, queue, env } = services;
  const isProven = provenEmail === input.email;
  const asks = asksForConfirmation(env) && !isProven;
  const holds: Hold[] = [];
  if (holdsUntilConfirmed(env) && !isProven) holds.push("email");
  if (review) holds.push("review");
  const now = new Date();
  const confirmation = asks ? newConfirmation(env, { email: input.email, purpose: "confirm" }) : undefined;
  const rows: RegistrationRows = {
    person: {
      ...pickPerson(input),
      passwordHash,
      locale,
      formId,
      answers,
      emailConfirmedAt: isProven ? now : null,
      source: utm.first?.utm_source ?? null,
      campaign: utm.first?.utm_campaign ?? null,
      ...(holds.length > 0 ? { crmState: "HELD", holds } : {}),
      createdAt: now,
      crmPendingSince: now,
    },
    touches: utm,
    consents: registration.consents ?? [givenConsent(locale)],
    confirmation: confirmation?.row,
    session,
    stamp,
    job: holds.length > 0 ? undefined : queue.insertion("crm-registration", "person"),
  };
  try {
    const id = once
      ? await db.$transaction((tx) => insertOnce(tx, rows, once))
      : await insertRegistration((sql) => selectPrepared(pool, sql), rows);
    if (confirmation) void sendConfirmation(services, madeConfirmation(id, confirmation));
    return { id };
  } catch (error) {
    if (isDatabaseAway(error)) throw new AppError("BUSY", { cause: error, details: { retryAfter: retryAfterSeconds } });
    throw error;
  }
}

async function insertOnce(tx: Tx, rows: RegistrationRows, once: Once): Promise<number> {
  const known = await once.find(tx);
  if (known !== null) return known;
  const id = await insertRegistration(((sql) => tx.$queryRaw(sql)) satisfies Run, rows);
  await once.keep(tx, id);
  return id;
}
