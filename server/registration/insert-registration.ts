import { Prisma } from "../../prisma/generated/client";
import type { NewSession } from "../auth/auth";
import type { NewConfirmation } from "../confirmation/confirmation";
import type { GivenConsent } from "../consents/record";
import { AppError } from "../platform/errors";
import { stampHash } from "../sign-ups/stamps";
import type { UtmData } from "./utmUtils";

/** Everything that a registration writes. */
export interface RegistrationRows {
  /** Columns that are left out get the database's defaults. */
  person: Prisma.UserCreateManyInput;
  touches: UtmData;
  consents: GivenConsent[];
  confirmation?: NewConfirmation["row"] | undefined;
  session?: NewSession | undefined;
  stamp?: string | undefined;
  /** Inserts the job of the rows of `person`; left out for a registration that the CRM is not told yet. */
  job?: Prisma.Sql | undefined;
}

/** Runs a statement: on a connection of its own, or in a transaction. */
export type Run = <Row extends object>(sql: Prisma.Sql) => Promise<Row[]>;

/**
 * Writes a registration by one statement, so that either all of it exists or nothing; returns the person's id. It is the
 * database that decides who has an address first. Throws EMAIL_TAKEN, and CONFLICT if the form was used by another person.
 */
export async function insertRegistration(run: Run, rows: RegistrationRows): Promise<number> {
  const hash = rows.stamp === undefined ? null : stampHash(rows.stamp);
  const [written] = await run<{ id: number | null; spent: boolean }>(statementOf(rows, hash));
  if (written?.id != null) return written.id;
  if (hash === null) throw new AppError("EMAIL_TAKEN");
  // The address was taken at the same moment, by another form: this form may be sent again with another address.
  if (written?.spent) await run(Prisma.sql`delete from "FormStamp" where hash = ${hash}`);
  // Asked again, since the form may have been sent twice at the same moment, and must find its own registration.
  const taken = await run(Prisma.sql`select 1 from "User" where email = ${rows.person.email}`);
  throw new AppError(taken.length > 0 ? "EMAIL_TAKEN" : "CONFLICT");
}

/**
 * Conflicts are skipped instead of caught: PostgreSQL would write the address of a unique violation into its log. A
 * form whose address is taken is not used up by that, and the form comes before the person: a registration that waits
 * for the same form holds nothing that another one could wait for.
 */
function statementOf({ person, touches, consents, confirmation, session, job }: RegistrationRows, hash: string | null) {
  const parts = [
    Prisma.sql`stamp as (
      insert into "FormStamp" (hash)
      select ${hash}::text where ${hash}::text is not null and not exists (select from "User" where email = ${person.email})
      on conflict do nothing returning hash)`,
    Prisma.sql`person as (
      insert into "User" (${columnsOf(person)})
      select ${valuesOf(person)} where ${hash}::text is null or exists (select from stamp)
      on conflict do nothing returning id)`,
    Prisma.sql`attribution as (
      insert into "Attribution" ("userId", first, last)
      select id, ${json(touches.first)}::jsonb, ${json(touches.last)}::jsonb from person)`,
    Prisma.sql`consent as (
      insert into "Consent" ("userId", kind, version, "textHash", locale, "givenAt")
      select person.id, given.*, ${person.createdAt}::timestamptz from person, jsonb_to_recordset(${JSON.stringify(consents)}::jsonb)
        as given (kind text, version text, "textHash" text, locale text))`,
    ...(confirmation ? [rowOfPerson("EmailConfirmation", confirmation)] : []),
    ...(session ? [rowOfPerson("Session", session)] : []),
    ...(job ? [Prisma.sql`job as (${job})`] : []),
  ];
  return Prisma.sql`with ${Prisma.join(parts)} select (select id from person) as id, exists (select from stamp) as spent`;
}

/** The part that adds a row of the new person to a table. */
const rowOfPerson = (table: "EmailConfirmation" | "Session", row: object): Prisma.Sql => Prisma.sql`
  ${Prisma.raw(`"new${table}"`)} as (
    insert into ${Prisma.raw(`"${table}"`)} ("userId", ${columnsOf(row)}) select id, ${valuesOf(row)} from person)`;

/** Names come from our own code, values never become part of the text. */
const columnsOf = (row: object): Prisma.Sql =>
  Prisma.raw(
    given(row)
      .map(([name]) => `"${name}"`)
      .join(", "),
  );

const valuesOf = (row: object): Prisma.Sql => Prisma.join(given(row).map(([, value]) => asParameter(value)));

const given = (row: object): [string, unknown][] => Object.entries(row).filter(([, value]) => value !== undefined);

const asParameter = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !(value instanceof Date) && !Array.isArray(value)
    ? JSON.stringify(value)
    : value;

const json = (value: object | null): string | null => (value ? JSON.stringify(value) : null);
