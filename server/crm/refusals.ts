import type { Prisma } from "../../prisma/generated/client";
import { firstFormId } from "../forms/forms";
import type { Services } from "../services";

/** The properties by which refusals of several people are compared. */
export interface Signature {
  step: string;
  code: string;
  field: string | null;
}

type Deps = Pick<Services, "db">;

/** The forms whose people are compared; null: everybody is. */
type Forms = number[] | null;

const ofForms = (forms: Forms): Prisma.UserWhereInput =>
  forms === null ? {} : { OR: [{ formId: { in: forms } }, ...(forms.includes(firstFormId) ? [{ formId: null }] : [])] };

/**
 * Stores refusals. One that was found to be caused by the person's data stays so, unless the new one is about another
 * field.
 */
export async function noteRefusals({ db }: Deps, refusals: (Signature & { userId: number })[]): Promise<void> {
  for (const { step, code, field, userId } of refusals)
    await db.$executeRaw`
      insert into "CrmRefusal" as known ("step", "code", "userId", "field") values (${step}, ${code}, ${userId}, ${field})
      on conflict ("step", "code", "userId") do update set
        "at" = clock_timestamp(),
        "field" = excluded."field",
        "disprovedAt" = case when known."field" is distinct from excluded."field" then null else known."disprovedAt" end`;
}

/** Counts an attempt that a refusal has cost its person, so that the attempt can be restored. */
export async function noteBurnt({ db }: Deps, { step, code }: Signature, userId: number): Promise<void> {
  await db.crmRefusal.updateMany({ where: { step, code, userId }, data: { burnt: { increment: 1 } } });
}

/**
 * Some registrations passed these steps: earlier refusals at these steps were caused by the data of the refused people.
 */
export async function disproveRefusals({ db }: Deps, steps: string[], forms: Forms): Promise<void> {
  if (steps.length === 0) return;
  await db.crmRefusal.updateMany({
    where: { step: { in: steps }, disprovedAt: null, ...(forms === null ? {} : { user: ofForms(forms) }) },
    data: { disprovedAt: new Date() },
  });
}

/** Drops the stored refusals of people whose registration is complete. */
export async function forgetRefusals({ db }: Deps, userIds: number[]): Promise<void> {
  if (userIds.length > 0) await db.crmRefusal.deleteMany({ where: { userId: { in: userIds } } });
}

/** People with a refusal whose cause is not yet known. */
export async function openRefusals({ db }: Deps): Promise<Set<number>> {
  const rows = await db.crmRefusal.findMany({ where: { disprovedAt: null }, select: { userId: true }, take: 10_000 });
  return new Set(rows.map(({ userId }) => userId));
}

/** The evidence about one signature. */
export interface Evidence {
  /** People with this refusal since a registration last passed that step. */
  people: number;
  /** The same refusal was lately found to be caused by one person's data. */
  knownAsPersonal: boolean;
  /** A registration without this refusal is due: one more to compare with. */
  othersWait: boolean;
}

export async function readEvidence({ db }: Deps, { step, code, field }: Signature, forms: Forms): Promise<Evidence> {
  const [evidence] = await db.$queryRaw<Evidence[]>`
    select count(*) filter (where "disprovedAt" is null)::int as people,
           count(*) filter (where "disprovedAt" > now() - interval '1 day') > 0 as "knownAsPersonal",
           exists (
             select 1 from "User" u where u."crmState" = 'PENDING'
               and (${forms}::int[] is null or coalesce(u."formId", ${firstFormId}) = any(${forms}::int[]))
               and coalesce(u."crmNextAttemptAt", now()) <= now() and coalesce(u."crmInFlightUntil", now()) <= now()
               and not exists (
                 select 1 from "CrmRefusal" r where r."userId" = u.id and r."step" = ${step} and r."code" = ${code})
           ) as "othersWait"
    from "CrmRefusal" e where "step" = ${step} and "code" = ${code} and "field" is not distinct from ${field}
      and (${forms}::int[] is null or exists (
        select 1 from "User" x where x.id = e."userId" and coalesce(x."formId", ${firstFormId}) = any(${forms}::int[])))`;
  return evidence ?? { people: 0, knownAsPersonal: false, othersWait: false };
}

/**
 * Restores what a common cause has cost: attempts, waiting times, the failed state after the last attempt, and the end of a
 * registration whose deals were removed, unless an administrator has left it at that. Returns the users whose jobs are to be
 * brought forward.
 */
export async function forgiveRefusals(
  { db }: Deps,
  { step, code, field }: Signature,
  { maxAttempts, forms }: { maxAttempts: number; forms: Forms },
): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    with open as materialized (
      select r."userId", r."burnt" from "CrmRefusal" r
      where r."step" = ${step} and r."code" = ${code} and r."field" is not distinct from ${field}
        and r."disprovedAt" is null
    ), locked as materialized (
      select u.id, open."burnt" from "User" u join open on open."userId" = u.id
      where (u."crmState" = 'PENDING'
             or u."crmState" = 'FAILED' and u."crmError" = ${code} and u."crmAttempts" >= ${maxAttempts}
             or u."crmState" = 'SYNCED' and u."crmError" = ${code} and not exists (
               select 1 from "Conflict" c where c."userId" = u.id and c.kind = 'DEAL_DELETED' and c.resolution = 'dismiss'))
        and (${forms}::int[] is null or coalesce(u."formId", ${firstFormId}) = any(${forms}::int[]))
      order by u.id for no key update of u
    ), given as (
      update "CrmRefusal" r set "burnt" = 0 from locked
      where r."step" = ${step} and r."code" = ${code} and r."userId" = locked.id
    )
    update "User" u set
      "crmAttempts" = greatest(0, u."crmAttempts" - locked."burnt"),
      "crmState" = 'PENDING',
      "crmNextAttemptAt" = null
    from locked where u.id = locked.id returning u.id`;
  return rows.map(({ id }) => id);
}
