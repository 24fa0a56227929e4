import type { ClientBase } from "pg";
import { withSession } from "./session";
import { liftTimeLimits } from "./time-limits";

/** A number that no other advisory lock uses; the same for all schemas of the database. */
export const turnLock = 20_260_003;

/**
 * Runs work while no other process is in the middle of its migrations. A script that ran between two of another
 * installation's in the same database would see that one's functions half way. If the session that holds the turn is lost,
 * the work goes on: it takes its own lock for each migration.
 *
 * @param onWait called if another process has to end its work first
 */
export const inTurn = <T>(databaseUrl: string, onWait: () => void, work: () => Promise<T>): Promise<T> =>
  withSession(databaseUrl, async (holder) => {
    await holder.query("begin");
    await liftTimeLimits(holder);
    if (!(await tryTurn(holder))) {
      onWait();
      await holder.query("select pg_advisory_xact_lock($1)", [turnLock]);
    }
    return work();
  });

async function tryTurn(holder: ClientBase): Promise<boolean> {
  const { rows } = await holder.query<{ got: boolean }>("select pg_try_advisory_xact_lock($1) as got", [turnLock]);
  return rows[0]?.got ?? false;
}
