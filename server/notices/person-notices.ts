import { Prisma } from "../../prisma/generated/client";
import { sentProduct } from "../bitrix24/product-info";
import { hasWithdrawn } from "../consents/withdrawn";
import { toldColumns, toldPerson } from "../crm/told-person";
import type { OldRows } from "../database/old-rows";
import { siteQuestions } from "../forms/questions";
import { type LetterKind, letterKinds } from "../platform/letter-template";
import { mailClaimMs } from "../platform/mail";
import { dayMs } from "../platform/time-zone";
import type { Services } from "../services";
import { waits } from "./alert-messages";
import { type Letter, letterTo } from "./letters";
import { isWanted } from "./notice-kinds";

/** The outbox of mails about people. A trigger writes a row when a person reaches the CRM for the first time. */

/** When a mail is taken over whose process died during the attempt: longer than an attempt lasts. */
const claimSeconds = mailClaimMs / 1_000;
const keptDays = 30;

export interface ClaimedNotice {
  id: bigint;
  userId: number;
  kind: LetterKind;
  attempts: number;
}

/** Kinds of which mails wait. */
export async function waitingKinds({ db }: Pick<Services, "db">): Promise<LetterKind[]> {
  const rows = await db.$queryRaw<{ kind: LetterKind }[]>`
    select distinct "kind" from "PersonNotice"
    where "kind" = any(${[...letterKinds]}) and "state" = 'pending' and "nextAttemptAt" <= now()`;
  return rows.map(({ kind }) => kind);
}

/** Takes the mail that is due for the longest; no other process takes it meanwhile. Null if none is due. */
export async function claimNotice({ db }: Pick<Services, "db">, kind: LetterKind): Promise<ClaimedNotice | null> {
  const [row] = await db.$queryRaw<ClaimedNotice[]>`
    update "PersonNotice" n set "attempts" = n."attempts" + 1, "attemptedAt" = now(),
      "nextAttemptAt" = now() + ${claimSeconds} * interval '1 second'
    where n.id = (select id from "PersonNotice" where "kind" = ${kind} and "state" = 'pending' and "nextAttemptAt" <= now()
                  order by "nextAttemptAt", id limit 1 for update skip locked)
    returning n.id, n."userId", n."kind", n."attempts"`;
  return row ?? null;
}

/**
 * The mail in the words of the moment, to the person's present address. Null if it is not to be sent any more: it was
 * switched off, or the person was erased or has withdrawn the consent.
 */
export async function letterOf(
  { db, env, forms }: Pick<Services, "db" | "env" | "forms">,
  { userId, kind }: ClaimedNotice,
): Promise<Letter | null> {
  if (!isWanted(env, kind)) return null;
  const row = await db.user.findFirst({
    where: { id: userId, erasedAt: null, NOT: hasWithdrawn },
    select: { ...toldColumns, crmProduct: true },
  });
  if (!row) return null;
  const person = toldPerson(row, { env, consents: undefined, questions: siteQuestions(forms.all()) });
  return letterTo(env, kind, { person, product: sentProduct(row.crmProduct) });
}

/** Writes down how an attempt ended. `error`: null if the mail server took it; "OFF": it is not tried again. */
export async function recordNotice(
  { db }: Pick<Services, "db">,
  { id, attempts }: ClaimedNotice,
  error: "OFF" | "REFUSED" | null,
): Promise<void> {
  const wait = waits[attempts - 1];
  const isEnd = error !== "REFUSED" || wait === undefined;
  const state = error === null ? "sent" : isEnd ? "failed" : "pending";
  // By the database's clock, which also decides what is due: by a clock that is behind, all attempts would follow at once.
  await db.$executeRaw`
    update "PersonNotice" set "state" = ${state}, "error" = ${error},
      "nextAttemptAt" = case when ${state} = 'pending' then now() + ${wait ?? 0} * interval '1 second' else "nextAttemptAt" end
    where id = ${id} and "state" = 'pending'`;
}

/**
 * Ends the notices of kinds that were switched off. Another process may have switched one on a moment ago, which this one
 * has not read yet: its notices wait.
 */
export async function dropUnwanted({ db }: Pick<Services, "db">): Promise<void> {
  await db.$executeRaw`
    update "PersonNotice" set "state" = 'failed', "error" = 'OFF'
    where "state" = 'pending' and "kind" not in (select "kind" from "NoticeKind")`;
}

/** Messages in the portal that were attempted stay as long as their person: an erasure has to take them back. */
export const oldNotices = (): OldRows => ({
  table: "PersonNotice",
  column: "at",
  before: new Date(Date.now() - keptDays * dayMs),
  except: Prisma.sql`kind = 'responsible' and "attemptedAt" is not null`,
});
