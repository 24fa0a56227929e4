import { Prisma } from "../../prisma/generated/client";
import { hasWithdrawnSql, withdrawnAtSql } from "../consents/withdrawn";
import type { Question } from "../forms/definition";
import { type Forms, firstFormId } from "../forms/forms";
import { siteQuestions } from "../forms/questions";
import { personColumns } from "../person/columns";
import type { StoredPerson } from "../person/fields";
import { isRegistrationSql } from "../person/registered";
import { readableEmail } from "../platform/email-address";
import { searchedId } from "../platform/person-number";
import { addDays, startOfDay } from "../platform/time-zone";
import type { Services } from "../services";
import { noSource, type UserCursor, type UserFilter, type UserSort } from "./filter";
import { choseNamed } from "./search-options";
import { type SearchWord, searchWords } from "./search-words";
import { crmStateView, type UserView } from "./users";

/** The statements behind lists, counts and exports of people. */

/** A person in a list. */
export interface UserRow
  extends StoredPerson,
    Pick<
      UserView,
      "id" | "isPaid" | "paidAt" | "crmState" | "isRegistration" | "bitrix24ContactId" | "bitrix24DealId" | "createdAt"
    > {
  /** Source of the first touch. */
  source: string | null;
  campaign: string | null;
  /** Null: the first form, or another way. */
  formId: number | null;
}

/** A person in an exported list. */
export interface ExportedRow extends StoredRow {
  answers: unknown;
  /** When the person withdrew the consent to the processing, and has not given it again. */
  withdrawnAt: Date | null;
}

export interface StoredRow extends Omit<UserRow, "paidAt" | "createdAt" | "crmState"> {
  paidAt: Date | null;
  createdAt: Date;
  crmState: Parameters<typeof crmStateView>[0];
}

/** What a filter means depends on the site. */
export interface Site {
  /** The zone that defines the filter's days. */
  zone: string;
  /** A search finds the options of choices by their words. */
  questions: ReadonlyMap<string, Question>;
  /** Asked by a program, which learns nothing of people who have withdrawn the consent to the processing. */
  forProgram?: boolean;
}

export type SiteDeps = Pick<Services, "env"> & { forms: Pick<Forms, "all"> };

export const siteOf = ({ env, forms }: SiteDeps): Site => ({
  zone: env.TIME_ZONE,
  questions: siteQuestions(forms.all()),
});

export interface PageOf extends Site {
  filter: UserFilter;
  cursor: UserCursor | null;
  limit: number;
}

const personSql = Prisma.raw(
  Object.keys(personColumns)
    .map((name) => `"${name}"`)
    .join(", "),
);
const columns = Prisma.sql`"id", ${personSql}, "isPaid", "paidAt", "crmState",
  "bitrix24ContactId", "bitrix24DealId", "source", "campaign", "createdAt", "formId", ${isRegistrationSql('"User"')} as "isRegistration"`;

/**
 * Sort keys. People who have not paid have no day of payment; they come last, with a value that a page can continue
 * from.
 */
const keys: Record<UserSort, Prisma.Sql> = {
  newest: Prisma.sql`"createdAt"`,
  oldest: Prisma.sql`"createdAt"`,
  paid: Prisma.sql`coalesce("paidAt", 'epoch')`,
};

/** A page of an export, with the answers and who has withdrawn the consent. */
export function exportSql({ filter, cursor, limit, ...site }: PageOf): Prisma.Sql {
  return Prisma.sql`select ${columns}, answers, ${withdrawnAtSql('"User"')} as "withdrawnAt" from "User"
    where ${conditions(filter, site)} and ${beyond(filter.sort, cursor)} ${order(filter.sort, cursor)} limit ${limit}`;
}

/** The page; the planner chooses the index. */
export function pageSql({ filter, cursor, limit, ...site }: PageOf): Prisma.Sql {
  return Prisma.sql`select ${columns} from "User"
    where ${conditions(filter, site)} and ${beyond(filter.sort, cursor)} ${order(filter.sort, cursor)} limit ${limit}`;
}

/** The page, found by reading in the list's own order, over at most `rows` rows. */
export function nearPageSql({ filter, cursor, limit, ...site }: PageOf, rows: number): Prisma.Sql {
  const { sort } = filter;
  return Prisma.sql`select ${columns} from (
      select * from "User" where ${beyond(sort, cursor)} ${order(sort, cursor)} limit ${rows}) as "User"
    where ${conditions(filter, site)} ${order(sort, cursor)} limit ${limit}`;
}

/** The page, sorted after all rows that match the filter have been looked up. */
export function lookedUpPageSql({ filter, cursor, limit, ...site }: PageOf): Prisma.Sql {
  const { sort } = filter;
  return Prisma.sql`with found as materialized (
      select * from "User" where ${conditions(filter, site)} and ${beyond(sort, cursor)})
    select ${columns} from found as "User" ${order(sort, cursor)} limit ${limit}`;
}

/** One row if the list, without its filter, has more than `rows` rows. */
export function furtherSql({ filter: { sort }, cursor }: PageOf, rows: number): Prisma.Sql {
  return Prisma.sql`select 1 from "User" where ${beyond(sort, cursor)} ${order(sort, cursor)} offset ${rows} limit 1`;
}

/** The filter as a condition on "User". */
export function conditions(
  { q, paid, confirmed, crm, source, form, from, to }: UserFilter,
  { zone, questions, forProgram }: Site,
): Prisma.Sql {
  const id = searchedId(q);
  const found = id === null ? searchWords(q).map((word) => foundBy(word, questions)) : [Prisma.sql`"id" = ${id}`];
  const parts = [...found, Prisma.sql`"erasedAt" is null`];
  if (forProgram) parts.push(Prisma.sql`not ${hasWithdrawnSql('"User"')}`);
  if (paid !== null) parts.push(Prisma.sql`"isPaid" = ${paid}`);
  if (confirmed !== undefined)
    parts.push(Prisma.sql`"emailConfirmedAt" is ${confirmed ? Prisma.sql`not null` : Prisma.sql`null`}`);
  if (crm === "pending") parts.push(Prisma.sql`"crmState" in ('PENDING', 'HELD')`);
  else if (crm !== null) parts.push(Prisma.sql`"crmState" = ${crm.toUpperCase()}::"CrmState"`);
  if (source === noSource) parts.push(Prisma.sql`"source" is null`);
  else if (source !== null) parts.push(Prisma.sql`"source" = ${source}`);
  if (form === firstFormId) parts.push(Prisma.sql`("formId" is null or "formId" = ${form})`);
  else if (form !== undefined) parts.push(Prisma.sql`"formId" = ${form}`);
  if (from !== null) parts.push(Prisma.sql`"createdAt" >= ${startOfDay(zone, from)}`);
  if (to !== null) parts.push(Prisma.sql`"createdAt" < ${startOfDay(zone, addDays(to, 1))}`);
  return Prisma.join(parts, " and ");
}

function foundBy(word: SearchWord, questions: Site["questions"]): Prisma.Sql {
  const inText = word.patterns.map((pattern) => Prisma.sql`"searchText" like ${pattern}`);
  const alternatives = [...inText, choseNamed(word, questions) ?? []].flat();
  return Prisma.sql`(${Prisma.join(alternatives, " or ")})`;
}

/** The sort key of a row, for a cursor. */
export const keyOf = (sort: UserSort, { createdAt, paidAt }: StoredRow): number =>
  sort === "paid" ? (paidAt?.getTime() ?? 0) : createdAt.getTime();

/** The row as the page and the export show it. */
export function toUserRow({ email, paidAt, createdAt, crmState, ...row }: StoredRow): UserRow {
  return {
    ...row,
    email: readableEmail(email),
    paidAt: paidAt?.toISOString() ?? null,
    crmState: crmStateView(crmState),
    createdAt: createdAt.toISOString(),
  };
}

/** A row comparison, which an index answers at once; `a < x or (a = x and b < y)` reads all rows up to the cursor. */
function beyond(sort: UserSort, cursor: UserCursor | null): Prisma.Sql {
  if (!cursor) return Prisma.sql`true`;
  const sign = isDescending(sort, cursor) ? Prisma.sql`<` : Prisma.sql`>`;
  return Prisma.sql`(${keys[sort]}, "id") ${sign} (${new Date(cursor.key)}, ${cursor.id})`;
}

function order(sort: UserSort, cursor: UserCursor | null): Prisma.Sql {
  const direction = isDescending(sort, cursor) ? Prisma.sql`desc` : Prisma.sql`asc`;
  return Prisma.sql`order by ${keys[sort]} ${direction}, "id" ${direction}`;
}

/** Backwards the order is reversed; the rows are turned round after reading. */
const isDescending = (sort: UserSort, cursor: UserCursor | null) =>
  (sort !== "oldest") !== (cursor?.direction === "before");
