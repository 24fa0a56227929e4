import type { ClientBase } from "pg";

/** PostgreSQL knows transaction_timeout from release 17 on. */
const limits = ["statement_timeout", "transaction_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

/**
 * Lets the session's transaction take as long as it takes. Limits of the role are meant for requests: a migration or a backup
 * that one of them ends would be ended alike each time.
 */
export const liftTimeLimits = (client: ClientBase): Promise<unknown> =>
  client.query("select set_config(name, '0', true) from pg_settings where name = any($1)", [limits]);
