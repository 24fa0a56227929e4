import type { ClientBase } from "pg";
import { turnLock } from "./migration-turn";
import { withSession } from "./session";
import { liftTimeLimits } from "./time-limits";

/**
 * A number that no other advisory lock uses. The same for all schemas of the database, since extensions belong to all.
 */
const migrationLock = 20_260_001;

/**
 * SQL: whether the session of pg_stat_activity, named "a", waits for this lock, or waits for a turn to migrate or has it. A
 * bigint's key stands in two columns.
 */
export const waitsForShape = `exists (select 1 from pg_locks l where l.pid = a.pid and l.locktype = 'advisory'
  and l.classid = 0 and l.objsubid = 1
  and (l.objid = ${migrationLock} and not l.granted or l.objid = ${turnLock}))`;

/**
 * Locks the tables' shape until the session's transaction ends, for those who change it ("exclusive") or who need it to stay
 * ("shared"). A transaction's lock, since behind a pooler a session may be another one with the next transaction. Neither the
 * wait nor what the transaction does afterwards has a limit of time.
 *
 * @param onWait called if another process has to end its work first
 */
export async function lockShape(
  client: ClientBase,
  mode: "exclusive" | "shared",
  onWait: () => void = () => {},
): Promise<void> {
  await liftTimeLimits(client);
  const name = mode === "shared" ? "xact_lock_shared" : "xact_lock";
  const { rows } = await client.query<{ got: boolean }>(`select pg_try_advisory_${name}($1) as got`, [migrationLock]);
  if (rows[0]?.got) return;
  onWait();
  await client.query(`select pg_advisory_${name}($1)`, [migrationLock]);
}

/** Load balancers and poolers cut a session that says nothing, many of them after a minute. */
const betweenSignsMs = 30_000;

interface Holding {
  onWait?: () => void;
  betweenSignsMs?: number;
}

/**
 * Runs work while no migration and no restore changes the tables. Throws after the work if the lock was lost meanwhile, with
 * the session that held it.
 */
export const whileShapeStays = <T>(databaseUrl: string, work: () => Promise<T>, holding: Holding = {}): Promise<T> =>
  withSession(databaseUrl, async (holder) => {
    await holder.query("begin");
    await lockShape(holder, "shared", holding.onWait);
    // That the session is lost is told by the commit.
    let sign: Promise<unknown> = Promise.resolve();
    const signs = setInterval(() => {
      sign = holder.query("select 1").catch(() => {});
    }, holding.betweenSignsMs ?? betweenSignsMs);
    const result = await work().finally(() => clearInterval(signs));
    await sign;
    await holder.query("commit");
    return result;
  });
