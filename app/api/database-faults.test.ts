import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { isDatabaseReady } from "~server/database/ready";
import { blocked } from "~server/test/database";

// The database answers, and cannot do what it is asked: full, cut off in the middle, out of connections. Programs are told
// when to ask again, nothing is half done, and all works once the cause is gone.

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;
beforeEach(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
});
afterEach(() => app.stop());

const pay = () =>
  app.fetch("/api/users/update-payment", {
    method: "POST",
    headers: { ...cast.headers.token, "content-type": "application/json" },
    body: JSON.stringify({ userId: cast.selfId, isPaid: true }),
  });

const isPaid = async () => (await app.services.db.user.findUniqueOrThrow({ where: { id: cast.selfId } })).isPaid;

async function expectBusy(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await answer.json()).toMatchObject({ error: { code: "BUSY" } });
}

const callTrpc = (procedure: string, input: object) =>
  app.fetch(`/api/trpc/${procedure}`, {
    method: "POST",
    headers: { ...cast.headers.token, "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify(input),
  });
const person = { firstName: "Анна", email: "anna@example.com", phone: "+79001234567", consent: true };

/** The same as over REST, in tRPC's own form: a client that asks again by tRPC's code does so in every outage. */
async function expectBusyOverTrpc(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await answer.json()).toMatchObject({
    error: { code: -32603, data: { code: "SERVICE_UNAVAILABLE", httpStatus: 503, appCode: "BUSY" } },
  });
}

test("a full disk is answered with 503, leaves nothing half done, and is over once there is room", async () => {
  const { pool } = app.services;
  // The error that PostgreSQL raises when it cannot extend a file; it comes with the last of the transaction's tables.
  await pool.query(`
    create function full_disk() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100';
    end $$;
    create trigger full_disk before insert on "AuditEntry" for each row execute function full_disk()`);
  await expectBusy(await pay());
  await expectBusyOverTrpc(await callTrpc("createRegistration", person));
  expect(await isPaid()).toBe(false);
  expect(await app.services.db.user.count({ where: { email: person.email } })).toBe(0);
  await pool.query('drop trigger full_disk on "AuditEntry"');
  expect((await pay()).status).toBe(200);
  expect(await isPaid()).toBe(true);
});

test("connections that are all cut in the middle of a transaction are answered with 503, and nothing of it stays", async () => {
  const { pool } = app.services;
  const holder = await pool.connect();
  await holder.query("begin");
  await holder.query('select 1 from "User" where id = $1 for update', [cast.selfId]);
  const answer = pay();
  await expect.poll(() => blocked(app.services)).toBe(1);
  await pool
    .query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    )
    .catch(() => {});
  holder.release(true);
  await expectBusy(await answer);
  // Idle connections that were cut leave the pool once their end is noticed: only the one that cut them remains.
  await expect.poll(() => pool.totalCount).toBe(1);
  expect(await isPaid()).toBe(false);
  expect((await pay()).status).toBe(200);
});

test("requests that find no free connection are answered with 503, those in work are carried out", async () => {
  const { pool } = app.services;
  const held = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  const { connectionTimeoutMillis } = pool.options;
  // None becomes free, however long it is waited for.
  pool.options.connectionTimeoutMillis = 500;
  const [one, other, overTrpc] = await Promise.all([pay(), pay(), callTrpc("createRegistration", person)]);
  for (const answer of [one, other]) await expectBusy(answer);
  await expectBusyOverTrpc(overTrpc);
  for (const client of held) client.release();
  pool.options.connectionTimeoutMillis = connectionTimeoutMillis;
  expect((await pay()).status).toBe(200);
});

/** Changes what the database says of each session, and ends all of them, so that new ones begin with it. */
async function beginAnew(setting: string): Promise<void> {
  const { pool } = app.services;
  const client = new pg.Client({ connectionString: pool.options.connectionString });
  await client.connect();
  const name = new URL(pool.options.connectionString ?? "").pathname.slice(1);
  await client.query(`begin read write; alter database "${name}" ${setting}; commit`);
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
  await expect.poll(() => pool.totalCount).toBe(0);
}

test("a database that takes no changes is answered with 503 and is not ready, until it takes them again", async () => {
  await beginAnew("set default_transaction_read_only = on");
  await expectBusy(await pay());
  await expectBusyOverTrpc(await callTrpc("createRegistration", person));
  expect(await isDatabaseReady(app.services.pool)).toBe(false);
  await beginAnew("reset default_transaction_read_only");
  expect(await isDatabaseReady(app.services.pool)).toBe(true);
  expect((await pay()).status).toBe(200);
});
