import pg from "pg";
import { schemaOf } from "../platform/database-schema";
import type { Env } from "../platform/env";
import type { Logger } from "../platform/log";
import { searchPathOf, sessionOf } from "./address";
import { defaultsSql, lackingIn } from "./session-settings";

/** Sessions that are compared; a pooler hands out one that is free before it opens another. */
const compared = 5;
/** As long as the pool waits: a database or pooler that is still starting, or busy, must not end our start. */
const firstWaitMs = 10_000;
/** A pooler whose sessions are all taken makes a new one wait. */
const otherWaitMs = 2_000;

/**
 * Whether a pooler stands before PostgreSQL that gives each transaction another session, as PgBouncer does in transaction
 * mode: then two connections that are both open meet in one session. PostgreSQL's own connections tell their session when
 * they are opened, and are not compared.
 */
export async function poolsTransactions(databaseUrl: string): Promise<boolean> {
  const clients: pg.Client[] = [];
  const open = async (waitMs: number) => {
    const client = new pg.Client({
      ...sessionOf(databaseUrl, "pool"),
      connectionTimeoutMillis: waitMs,
      query_timeout: waitMs,
    });
    client.on("error", () => {});
    clients.push(client);
    await client.connect();
    return client;
  };
  try {
    const first = await open(firstWaitMs);
    const session = await sessionIn(first);
    if (session === (first as pg.Client & { processID?: number | null }).processID) return false;
    for (let other = 1; other < compared; other++)
      if ((await holdSession(() => open(otherWaitMs))) === session) return true;
    return (await sessionIn(first)) !== session;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
}

async function sessionIn(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid;
}

/** The session of one more connection, kept by its open transaction; undefined if there is none for it. */
async function holdSession(open: () => Promise<pg.Client>): Promise<number | undefined> {
  try {
    const client = await open();
    await client.query("begin");
    return await sessionIn(client);
  } catch {
    return undefined;
  }
}

/**
 * Throws, with what to set instead, where this process would not work through a pooler in transaction mode. Web processes
 * do: nothing of theirs outlives a transaction but a session's first statement, whose settings have to be the role's own
 * where the pooler does not carry them from one session to the next.
 */
export async function assertPoolerFits(
  { DATABASE_URL, ROLE }: Pick<Env, "DATABASE_URL" | "ROLE">,
  log: Logger,
): Promise<void> {
  if (!DATABASE_URL || !(await poolsTransactions(DATABASE_URL))) return;
  if (ROLE !== "web")
    throw new Error(
      `DATABASE_URL leads to a pooler in transaction mode, such as PgBouncer with pool_mode = transaction. ROLE=${ROLE} needs ` +
        "a session of its own: it holds the lock that lets one process at a time talk to Bitrix24. Let DATABASE_URL of this " +
        "process lead to PostgreSQL itself, or set pool_mode = session. Processes with ROLE=web may use the pooler as it is.",
    );
  const lacking = await lackingDefaults(DATABASE_URL);
  if (lacking.length > 0)
    throw new Error(
      "DATABASE_URL leads to a pooler in transaction mode, where each transaction begins with the role's own settings. " +
        `Give the role these: ${lacking.map((set) => `alter role CURRENT_USER in database … ${set}`).join("; ")}. ` +
        "Then let the pooler open its connections to PostgreSQL anew.",
    );
  log.info("a pooler in transaction mode stands before the database");
}

async function lackingDefaults(databaseUrl: string): Promise<string[]> {
  const schema = schemaOf(databaseUrl);
  return withClients(databaseUrl, async ([client, other]) => {
    const carries = await carriesZone(client, other);
    const lacking = lackingIn((await client.query(defaultsSql)).rows, { carries });
    await client.query("begin");
    await client.query("set local search_path to default");
    const { rows } = await client.query<{ schema: string | null }>("select current_schema() as schema");
    return rows[0]?.schema === schema ? lacking : [searchPathOf(schema), ...lacking];
  });
}

/** How often two connections ask for their session before they count as never meeting in one. */
const meetings = 20;

/**
 * Whether each connection finds its own time zone in every session that the pooler gives it, as PgBouncer sees to: it carries
 * a few settings over, of which this is one. Two names of UTC tell it, since one that was left behind in
 * a session would do no harm.
 */
async function carriesZone(one: pg.Client, other: pg.Client): Promise<boolean> {
  await one.query("set timezone = 'UTC'");
  await other.query("set timezone = 'Etc/UTC'");
  for (let meeting = 0; meeting < meetings; meeting++) {
    const [mine, theirs] = [await zoneIn(one), await zoneIn(other)];
    if (mine?.session === theirs?.session) return mine?.zone === "UTC" && theirs?.zone === "Etc/UTC";
  }
  return false;
}

async function zoneIn(client: pg.Client): Promise<{ session: number; zone: string } | undefined> {
  const { rows } = await client.query<{ session: number; zone: string }>(
    "select pg_backend_pid() as session, current_setting('timezone') as zone",
  );
  return rows[0];
}

async function withClients<T>(databaseUrl: string, work: (clients: [pg.Client, pg.Client]) => Promise<T>): Promise<T> {
  const open = () => new pg.Client(sessionOf(databaseUrl, "pool"));
  const clients: [pg.Client, pg.Client] = [open(), open()];
  for (const client of clients) client.on("error", () => {});
  try {
    for (const client of clients) await client.connect();
    return await work(clients);
  } finally {
    for (const client of clients) await client.end().catch(() => {});
  }
}
