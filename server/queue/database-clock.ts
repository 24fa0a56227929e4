import type { PoolClient } from "pg";

/** Clocks of two machines differ by less; beyond it one of them was set. */
const usualSkewMs = 60_000;

/**
 * Converts times of this process's clock to the database's, by which jobs become due: a process whose clock is an hour
 * ahead would otherwise delay each retry by that hour. Times that were read from the database, such as the end of a request
 * in flight, are among them: a time belongs to the clock whose present is nearer.
 */
export async function toDatabaseClock(client: Pick<PoolClient, "query">): Promise<(time: Date) => Date> {
  const { rows } = await client.query<{ now: Date }>("select clock_timestamp() as now");
  const own = Date.now();
  const theirs = rows[0]?.now.getTime() ?? own;
  const skew = theirs - own;
  if (Math.abs(skew) <= usualSkewMs) return (time) => time;
  const isTheirs = (time: number) => Math.abs(time - theirs) < Math.abs(time - own);
  return (time) => (isTheirs(time.getTime()) ? time : new Date(time.getTime() + skew));
}
