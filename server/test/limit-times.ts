import pg from "pg";

/** Gives each session that begins from now on limits of time, as far as the server knows them. */
export async function limitTimes(url: string, ms: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_settings
     where name in ('statement_timeout', 'transaction_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`,
  );
  for (const { name } of rows)
    await client.query(`alter database "${new URL(url).pathname.slice(1)}" set ${name} = ${ms}`);
  await client.end();
}
