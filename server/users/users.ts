import type { CrmState, Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";
import { type Answers, readAnswers } from "../forms/answers";
import type { Question } from "../forms/definition";
import { personColumns } from "../person/columns";
import type { StoredPerson } from "../person/fields";
import { isRegistrationSql } from "../person/registered";
import { readableEmail } from "../platform/email-address";

const view = {
  id: true,
  ...personColumns,
  emailConfirmedAt: true,
  isPaid: true,
  paidAt: true,
  bitrix24ContactId: true,
  bitrix24DealId: true,
  crmState: true,
  holds: true,
  createdAt: true,
  answers: true,
  attribution: { select: { first: true, last: true } },
  form: { select: { slug: true } },
} satisfies Prisma.UserSelect;

/** The columns of a user's own row among them. */
export const viewColumns = Object.keys(view).filter((name) => name !== "attribution" && name !== "form");

export type UserRow = Prisma.UserGetPayload<{ select: typeof view }>;

/** A user as the outside sees it: the JSON of `GET /api/users/:id`. */
export interface UserView extends StoredPerson {
  id: number;
  /** When the person proved to own the address; null: not yet. */
  emailConfirmedAt: string | null;
  isPaid: boolean;
  paidAt: string | null;
  bitrix24ContactId: number | null;
  bitrix24DealId: number | null;
  crmState: "pending" | "synced" | "failed";
  /** False: an administrator whom the operator made, and who has registered nowhere. */
  isRegistration: boolean;
  /** Why the CRM is not told yet, where it is pending; empty: it will be. */
  holds: string[];
  utm: { first: Record<string, string>; last: Record<string, string> };
  createdAt: string;
  /** The form by which the person registered, by its part of the address; null: the first one, or another way. */
  form: string | null;
  /** To the questions of the person's form, by their keys: server/forms/answers.ts. */
  answers: Answers;
}

/** Held registrations are on their way, too, only not yet. */
export const crmStateView = (state: CrmState) =>
  (state === "HELD" ? "pending" : state.toLowerCase()) as UserView["crmState"];

const touch = (json: Prisma.JsonValue | undefined): Record<string, string> =>
  json && typeof json === "object" && !Array.isArray(json)
    ? Object.fromEntries(
        Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      )
    : {};

/** The row as the outside sees it. */
export function viewUser(
  { attribution, paidAt, emailConfirmedAt, createdAt, crmState, form, answers, ...row }: UserRow,
  isRegistration: boolean,
): UserView {
  return {
    ...row,
    emailConfirmedAt: emailConfirmedAt?.toISOString() ?? null,
    paidAt: paidAt?.toISOString() ?? null,
    crmState: crmStateView(crmState),
    isRegistration,
    utm: { first: touch(attribution?.first), last: touch(attribution?.last) },
    createdAt: createdAt.toISOString(),
    form: form?.slug ?? null,
    answers: readAnswers(answers),
  };
}

/** The user, or null where there is none, or is erased. */
export async function getUser({ db }: { db: Tx }, id: number): Promise<UserView | null> {
  const row = await db.user.findUnique({ where: { id, erasedAt: null }, select: view });
  return row ? ((await viewUsers(db, [row]))[0] ?? null) : null;
}

/** The users of these ids, in their order; those who are erased or not there are left out. */
export async function getUsers({ db }: { db: Tx }, ids: number[]): Promise<UserView[]> {
  const rows = await db.user.findMany({ where: { id: { in: ids }, erasedAt: null }, select: view });
  const byId = new Map((await viewUsers(db, rows)).map((user) => [user.id, user]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Few are complete and have no deal: the database is asked once more only about those, whether they are registrations. */
async function viewUsers(db: Tx, rows: UserRow[]): Promise<UserView[]> {
  const unclear = rows.filter((row) => row.crmState === "SYNCED" && row.bitrix24DealId === null).map(({ id }) => id);
  const others =
    unclear.length === 0
      ? []
      : await db.$queryRaw<{ id: number }[]>`
          select id from "User" where id = any(${unclear}) and not ${isRegistrationSql('"User"')}`;
  const notRegistered = new Set(others.map(({ id }) => id));
  return rows.map((row) => viewUser(row, !notRegistered.has(row.id)));
}

/** The user as pages show them: with the e-mail address as people write it. */
export async function getShownUser(services: { db: Tx }, id: number): Promise<UserView | null> {
  const user = await getUser(services, id);
  return user && showUser(user);
}

export const showUser = (user: UserView): UserView => ({ ...user, email: readableEmail(user.email) });

/**
 * The user as the person themself is shown: without the portal's ids and without answers to hidden questions, whose words
 * are for administrators. A low id, or one that others have too, would tell a visitor who typed another person's e-mail or
 * phone that this person is a customer already.
 */
export const viewForPerson = (user: UserView, questions: ReadonlyMap<string, Question>): UserView => ({
  ...user,
  bitrix24ContactId: null,
  bitrix24DealId: null,
  answers: Object.fromEntries(Object.entries(user.answers).filter(([key]) => questions.get(key)?.kind !== "hidden")),
});
