import type { ClientBase } from "pg";
import type { Db, Tx } from "./db";

/** PostgreSQL knows transaction_timeout from release 17 on. */
const limits = ["statement_timeout", "transaction_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

const lift = "select set_config(name, '0', true) from pg_settings where name = any($1)";

/**
 * Lets the session's transaction take as long as it takes. Limits of the role are meant for requests: a migration or a backup
 * that one of them ends would be ended alike each time.
 */
export const liftTimeLimits = (client: ClientBase): Promise<unknown> => client.query(lift, [limits]);

/**
 * Runs a transaction whose work grows with the number of people: under the usual limits it could never be carried out once there
 * are too many.
 */
export const inLongTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.$transaction(
    async (tx) => {
      await tx.$queryRawUnsafe(lift, limits);
      return work(tx);
    },
    { timeout: 600_000 },
  );
