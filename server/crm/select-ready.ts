import type { Person } from "../bitrix24/registrant";
import { personColumns, pickPerson } from "../person/fields";
import type { FinishedJob, Job } from "../queue/queue";
import { getUtmForBitrix24, type UtmData } from "../registration/utmUtils";
import type { Services } from "../services";

export interface ReadyJob {
  job: Job;
  person: Person;
  /** Failed attempts before this one. */
  attempts: number;
}

/**
 * Decides who of the fetched jobs may travel now. Jobs of people who are through are settled without a word;
 * whoever may still be acted upon by an earlier request waits it out; and of people who share a phone only one goes
 * at a time, so that the second finds the first one's contact instead of making another.
 */
export async function selectReady(
  { db, env }: Pick<Services, "db" | "env">,
  jobs: Job[],
): Promise<{ go: ReadyJob[]; settled: FinishedJob[] }> {
  const rows = await db.user.findMany({
    where: { id: { in: jobs.map((job) => job.userId) }, crmState: "PENDING" },
    select: {
      id: true,
      ...personColumns,
      locale: true,
      bitrix24ContactId: true,
      bitrix24DealId: true,
      crmAssignedById: true,
      crmAttempts: true,
      crmUncertain: true,
      attribution: { select: { first: true, last: true } },
    },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const phoneBusyUntil = await inFlightByPhone(
    { db },
    rows.map((row) => row.phone),
  );
  const assigned = await takeTurns(
    { db, env },
    rows.flatMap((row) => (row.crmAssignedById === null ? [row.id] : [])),
  );

  const go: ReadyJob[] = [];
  const settled: FinishedJob[] = [];
  const now = new Date();
  const phones = new Set<string>();
  const seen = new Set<number>();
  for (const job of jobs) {
    const row = byId.get(job.userId);
    if (!row || seen.has(job.userId)) {
      settled.push(job);
      continue;
    }
    seen.add(job.userId);
    const waitUntil = phoneBusyUntil.get(row.phone);
    if (waitUntil) settled.push({ ...job, retryAt: waitUntil });
    else if (phones.has(row.phone)) settled.push({ ...job, retryAt: now });
    else {
      phones.add(row.phone);
      go.push({
        job,
        attempts: row.crmAttempts,
        person: {
          userId: row.id,
          ...pickPerson(row),
          locale: row.locale,
          utm: getUtmForBitrix24((row.attribution ?? { first: null, last: null }) as UtmData),
          assignedById: row.crmAssignedById ?? assigned.get(row.id) ?? null,
          contactId: row.bitrix24ContactId,
          dealId: row.bitrix24DealId,
          isolated: row.crmUncertain >= 2,
        },
      });
    }
  }
  return { go, settled };
}

/**
 * Until when a request may still create a contact with this phone; one's own open in-flight marker counts as well. By the
 * database's clock, which also wrote them: a process whose own is ahead would look too early.
 */
async function inFlightByPhone({ db }: Pick<Services, "db">, phones: string[]): Promise<Map<string, Date>> {
  const open = await db.$queryRaw<{ phone: string; until: Date }[]>`
    select phone, max("crmInFlightUntil") as until from "User"
    where phone = any(${phones}) and "crmInFlightUntil" > clock_timestamp() group by phone`;
  return new Map(open.map(({ phone, until }) => [phone, until]));
}

/** Gives each newcomer the next responsible person; stored at once, so that a repeated attempt takes no other turn. */
async function takeTurns({ db, env }: Pick<Services, "db" | "env">, userIds: number[]): Promise<Map<number, number>> {
  const persons = env.BITRIX24_ASSIGNED_BY_IDS;
  if (persons.length === 0 || userIds.length === 0) return new Map();
  const { turn } = await db.crmPortal.update({
    where: { id: 1 },
    data: { turn: { increment: userIds.length } },
    select: { turn: true },
  });
  const first = turn - userIds.length;
  const turns = new Map(userIds.map((userId, index) => [userId, persons[(first + index) % persons.length] as number]));
  for (const person of new Set(turns.values()))
    await db.user.updateMany({
      where: { id: { in: userIds.filter((userId) => turns.get(userId) === person) } },
      data: { crmAssignedById: person },
    });
  return turns;
}
