import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { createLog } from "../platform/log";
import { createEmptyDatabase } from "../test/template";
import { migrate } from "./migrate";
import { assertServerFits } from "./server-fits";
import { withSession } from "./session";

/** The address of a database that is made anew in this way. */
async function madeBy(options: string): Promise<string> {
  const { url, drop } = await createEmptyDatabase(inject("template"));
  onTestFinished(drop);
  const client = new pg.Client({ connectionString: inject("template").url });
  await client.connect();
  const name = new URL(url).pathname.slice(1);
  await client.query(`drop database "${name}"`);
  await client.query(`create database "${name}" template template0 ${options}`);
  await client.end();
  return url;
}

const silent = createLog("silent");

test("a database of another encoding is refused in one sentence, and nothing is made in it", async () => {
  const databaseUrl = await madeBy(`encoding 'LATIN1' locale 'C'`);
  await expect(migrate({ databaseUrl, log: silent })).rejects.toThrow(
    /^The database has the encoding LATIN1, and UTF8 is needed: make it by createdb .*\.$/,
  );
  const left = await withSession(databaseUrl, (client) =>
    client.query("select 1 from pg_tables where schemaname = 'public'"),
  );
  expect(left.rows).toEqual([]);
});

test("a database that knows no capital letters but the Latin ones is told, and used", async () => {
  const databaseUrl = await madeBy(`encoding 'UTF8' locale 'C'`);
  const lines: string[] = [];
  const log = createLog("warn", { write: (line) => void lines.push(line) });
  await withSession(databaseUrl, (client) => assertServerFits(client, log));
  expect(lines.join()).toContain("capital");
});

test("a database that is made as the operations say fits", async () => {
  const databaseUrl = await madeBy(`encoding 'UTF8' locale 'C.UTF-8'`);
  const lines: string[] = [];
  const log = createLog("warn", { write: (line) => void lines.push(line) });
  await withSession(databaseUrl, (client) => assertServerFits(client, log));
  expect(lines).toEqual([]);
});

test("a PostgreSQL that is too old is refused in one sentence", async () => {
  const databaseUrl = await madeBy("");
  await expect(withSession(databaseUrl, (client) => assertServerFits(client, silent, 99))).rejects.toThrow(
    /^PostgreSQL \d+ is too old: 99 or newer is needed\.$/,
  );
});

test("a role whose sessions run no triggers is refused in one sentence", async () => {
  const databaseUrl = await madeBy("");
  await withSession(databaseUrl, (client) =>
    client.query(`alter database "${new URL(databaseUrl).pathname.slice(1)}" set session_replication_role = replica`),
  );
  await expect(migrate({ databaseUrl, log: silent })).rejects.toThrow(/^The role's sessions run no triggers/);
});
