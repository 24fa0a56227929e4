import type { Tx } from "../database/db";
import { isZoneKnown } from "../database/known-zone";
import { inLongTransaction } from "../database/time-limits";
import { clockTime } from "../platform/time-zone";
import type { Services } from "../services";

/**
 * Makes the daily statistics use the days of the installation's time zone. If the zone has changed since the last
 * count, all users are counted again. If PostgreSQL does not know the zone, the zone of the environment is an error, and a
 * stored one is told and leaves the days as they are counted: the site has to start for it to be changed.
 */
export async function countByZone({ db, env, log }: Pick<Services, "db" | "env" | "log">): Promise<void> {
  if (!(await isZoneKnown(db, env.TIME_ZONE))) {
    const unknown = `PostgreSQL does not know the time zone ${env.TIME_ZONE}`;
    if (env.NAMED.has("TIME_ZONE"))
      throw new Error(
        `${unknown} of TIME_ZONE: use its present name, such as Europe/Kyiv, or install tzdata-legacy where PostgreSQL runs`,
      );
    log.warn(
      { counted: await countedZone(db) },
      `${unknown} of the settings: the statistics go on with the days of the earlier one. Choose its present name at /admin/settings`,
    );
    return;
  }
  await warnOfOtherRules({ db, log }, env.TIME_ZONE);
  if ((await countedZone(db)) === env.TIME_ZONE) return;
  const recounted = await inLongTransaction(db, async (tx) => {
    // All processes see a new zone within seconds: the first one counts, and the others find it done. Reading the
    // zone, as registrations do, goes on.
    await tx.$executeRaw`lock table "StatisticZone" in exclusive mode`;
    // It may have changed again during the wait.
    const zone = env.TIME_ZONE;
    const before = await countedZone(tx);
    if (before === zone) return null;
    await tx.$executeRaw`select count_statistics_in(${zone})`;
    return { zone, before };
  });
  if (recounted) log.info(recounted, "the time zone has changed: the daily statistics were recounted");
}

const countedZone = async (db: Tx): Promise<string | undefined> =>
  (await db.statisticZone.findUnique({ where: { id: 1 } }))?.zone;

/**
 * Governments change time zone rules, and PostgreSQL and Node get the new rules with different updates. Until both have
 * them, lists and charts may disagree about the day of registrations around midnight.
 */
async function warnOfOtherRules({ db, log }: Pick<Services, "db" | "log">, zone: string): Promise<void> {
  const months = monthsAround(new Date());
  const rows = await db.$queryRaw<{ wall: string }[]>`
    select to_char(moment at time zone ${zone}, 'YYYY-MM-DD HH24:MI:SS') as "wall"
    from unnest(${months}::timestamptz[]) with ordinality as m (moment, place) order by place`;
  const differs = months.filter((month, place) => clockTime(zone, month) !== rows[place]?.wall);
  if (differs.length > 0)
    log.warn({ zone, differs }, "PostgreSQL and Node have different rules for this time zone: update the older one");
}

/** The first moments of the months from a year ago to a year ahead. */
const monthsAround = (now: Date): Date[] =>
  Array.from({ length: 25 }, (_, month) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month - 12)));
