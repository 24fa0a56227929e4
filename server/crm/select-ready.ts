import type { ContactBy, Person } from "../bitrix24/person";
import { sentProduct } from "../bitrix24/product-info";
import { rowMethods } from "../bitrix24/progress";
import { type SettledSale, settledSale } from "../bitrix24/sale";
import { formerColumns, formerDetails } from "../corrections/former-details";
import { siteQuestions } from "../forms/questions";
import { heldMs } from "../queue/back-off";
import type { FinishedJob, Job } from "../queue/queue";
import type { Services } from "../services";
import { consentFacts } from "./facts";
import { holdWithdrawn } from "./hold-withdrawn";
import { ownSnapshot } from "./own-snapshot";
import { type SettingsGroup, type SettingsGroups, settingsGroupsFor } from "./settings-groups";
import { toldColumns, toldPerson } from "./told-person";

export interface ReadyJob {
  job: Job;
  person: Person;
  /** With whom it shares its settings. */
  group: SettingsGroup;
  /** Failed attempts before this one. */
  attempts: number;
}

/** The registrations to send now, and the jobs that are complete or must wait. */
export interface Selected {
  go: ReadyJob[];
  finished: FinishedJob[];
  groups: SettingsGroups;
}

/**
 * Selects the registrations to send from the fetched jobs. Jobs of synced and held users are completed. A user with a request in
 * flight waits until it can no longer take effect. Of several users with the same phone only one is sent at a time, so
 * that the next one finds the first one's contact instead of creating another.
 */
export async function selectReady(
  { db, env, forms, log }: Pick<Services, "db" | "env" | "forms" | "log">,
  jobs: Job[],
): Promise<Selected> {
  const userIds = jobs.map((job) => job.userId);
  await holdWithdrawn({ db }, userIds);
  const rows = await db.user.findMany({
    where: { id: { in: userIds }, crmState: "PENDING", erasedAt: null },
    select: {
      ...toldColumns,
      ...formerColumns,
      formId: true,
      emailConfirmedAt: true,
      bitrix24ContactId: true,
      crmContactBy: true,
      bitrix24DealId: true,
      crmSale: true,
      crmProduct: true,
      crmTracedAt: true,
      dealSnapshot: { select: { dealId: true } },
      crmAssignedById: true,
      crmRowUncertain: true,
      crmAttempts: true,
      crmUncertain: true,
      crmLeftOut: true,
    },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const phoneBusyUntil = await inFlightByPhone(
    { db },
    rows.map((row) => row.phone),
  );
  const related = await contactsByPhone(
    { db },
    rows.filter((row) => row.bitrix24ContactId === null).map((row) => row.phone),
  );

  const groups = await settingsGroupsFor(
    { env, forms },
    rows.map((row) => row.formId),
  );
  const consents = await consentFacts(
    { db },
    groups.all.flatMap(({ settings }) => settings.fieldRules),
    rows.map((row) => row.id),
  );
  const attempted = await rowAttempts(
    { db },
    rows.filter((row) => row.bitrix24DealId !== null).map((row) => row.id),
  );

  const questions = siteQuestions(forms.all());
  const go: ReadyJob[] = [];
  const finished: FinishedJob[] = [];
  const now = new Date();
  const phones = new Set<string>();
  const seen = new Set<number>();
  for (const job of jobs) {
    const row = byId.get(job.userId);
    if (!row || seen.has(job.userId)) {
      finished.push(job);
      continue;
    }
    seen.add(job.userId);
    const waitUntil = phoneBusyUntil.get(row.phone);
    const group = groups.of(row.formId);
    if (!group) {
      // Sent with other settings, the deal would sell another product.
      log.error({ userId: row.id, formId: row.formId }, "the form of a registration cannot be read: it waits");
      finished.push({ ...job, retryAt: new Date(now.getTime() + heldMs(env)) });
    } else if (waitUntil) finished.push({ ...job, retryAt: waitUntil });
    else if (phones.has(row.phone)) finished.push({ ...job, retryAt: now });
    else {
      phones.add(row.phone);
      go.push({
        job,
        group,
        attempts: row.crmAttempts,
        person: {
          ...toldPerson(row, { env, consents: consents.get(row.id), questions }),
          traced: row.crmTracedAt !== null,
          settings: group.settings,
          assignedById: row.crmAssignedById,
          emailConfirmed: row.emailConfirmedAt !== null,
          contactId: row.bitrix24ContactId,
          contactBy: row.crmContactBy as ContactBy | null,
          formerly: formerDetails(row),
          relatedContactIds: related.get(row.phone) ?? [],
          dealId: row.bitrix24DealId,
          settledSale: settledSale(row.crmSale, row.bitrix24DealId) ?? wholeBefore(row),
          sentProduct: sentProduct(row.crmProduct),
          rowUncertain: row.crmRowUncertain,
          isolated: row.crmUncertain >= 2,
          refusedBefore: row.crmAttempts > 0 || row.crmLeftOut.length > 0,
          leftOut: row.crmLeftOut,
          rowAttempts: attempted.get(row.id) ?? 0,
        },
      });
    }
  }
  return { go, finished, groups };
}

/** A deal with a snapshot was complete once, even if what it sold was not stored. */
const wholeBefore = ({
  bitrix24DealId: dealId,
  dealSnapshot,
}: {
  bitrix24DealId: number | null;
  dealSnapshot: { dealId: number | null } | null;
}): SettledSale | null =>
  dealId !== null && ownSnapshot(dealSnapshot, dealId) ? { dealId, currency: "USD", amount: null, rows: [] } : null;

/** How many answers to each user's product row did not show that the row exists, within the kept log. */
async function rowAttempts({ db }: Pick<Services, "db">, userIds: number[]): Promise<Map<number, number>> {
  if (userIds.length === 0) return new Map();
  const counts = await db.crmLog.groupBy({
    by: ["userId"],
    where: {
      userId: { in: userIds },
      method: { in: rowMethods },
      outcome: "UNKNOWN",
      code: { in: ["PRODUCT_REPLACED", "BAD_ANSWER"] },
    },
    _count: { _all: true },
  });
  return new Map(counts.map(({ userId, _count }) => [userId, _count._all]));
}

/**
 * Until when a request in flight may create a contact with this phone; the user's own marker counts as well. Uses the
 * database's clock, which also wrote the markers: a process with a fast clock would look too early.
 */
async function inFlightByPhone({ db }: Pick<Services, "db">, phones: string[]): Promise<Map<string, Date>> {
  const open = await db.$queryRaw<{ phone: string; until: Date }[]>`
    select phone, max("crmInFlightUntil") as until from "User"
    where phone = any(${phones}) and "crmInFlightUntil" > clock_timestamp() group by phone`;
  return new Map(open.map(({ phone, until }) => [phone, until]));
}

/** At most this many contacts of one number are read; a number with more is an invented one. */
const maxRelated = 20;

/** Contacts of earlier registrations with these phones, oldest first. */
async function contactsByPhone({ db }: Pick<Services, "db">, phones: string[]): Promise<Map<string, number[]>> {
  if (phones.length === 0) return new Map();
  const known = await db.$queryRaw<{ phone: string; ids: number[] }[]>`
    select p.phone, (
      select array_agg(c.id) from (
        select distinct "bitrix24ContactId" as id from "User"
        where "User".phone = p.phone and "bitrix24ContactId" is not null order by 1 limit ${maxRelated}
      ) c
    ) as ids
    from unnest(${[...new Set(phones)]}::text[]) as p(phone)`;
  return new Map(known.flatMap(({ phone, ids }) => (ids ? [[phone, ids] as [string, number[]]] : [])));
}
