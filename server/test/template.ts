import pg from "pg";
import { createPool } from "../database/db";
import { migrate } from "../database/migrate";
import { createLog } from "../platform/log";
import { createQueue } from "../queue/queue";

/** Where tests get their databases from: copies of one that is prepared once. */
export interface Template {
  /** Of the server, as a role that may create databases. */
  url: string;
  /** Name of the template, and the beginning of every copy's name. */
  name: string;
  /** How it is copied: the end of `create database`. */
  strategy: string;
}

/** What every database of the product holds before the first request. */
const preparations: ((databaseUrl: string) => Promise<unknown>)[] = [
  (databaseUrl) => migrate({ databaseUrl, log: createLog("warn") }),
  installQueue,
];

async function installQueue(databaseUrl: string): Promise<void> {
  const log = createLog("warn");
  const pool = createPool(databaseUrl, log);
  const queue = await createQueue({ pool, log, supervise: false });
  await queue.stop();
  // A template must have no open connection.
  await pool.end();
}

export async function createTemplate(url: string): Promise<Template> {
  const template = {
    url,
    name: `test_${Date.now().toString(36)}_${process.pid}`,
    strategy: await cheapestStrategy(url),
  };
  await execute(url, `create database ${template.name}`);
  try {
    for (const prepare of preparations) await prepare(withDatabase(url, template.name));
  } catch (error) {
    await dropTemplate(template);
    throw error;
  }
  return template;
}

/** Copying files takes half the processor's time of writing each page to the log, where no disk is waited for. */
async function cheapestStrategy(url: string): Promise<string> {
  const [answer] = await execute(
    url,
    `select current_setting('fsync') = 'off' and current_setting('server_version_num')::int >= 150000 as forgetful`,
  );
  return answer?.forgetful ? "strategy file_copy" : "";
}

/** Drops the template and whatever copies tests that failed have left. */
export async function dropTemplate({ url, name }: Template): Promise<void> {
  const databases = await execute(url, "select datname from pg_database where starts_with(datname, $1)", [name]);
  for (const { datname } of databases) await execute(url, `drop database if exists "${datname}" with (force)`);
}

interface Database {
  url: string;
  drop(): Promise<void>;
}

/** A copy of the template; takes about 50 ms. */
export const createCopy = (template: Template): Promise<Database> => create(template, template.name);

/** A database without anything, for tests of what prepares one. */
export const createEmptyDatabase = (template: Template): Promise<Database> => create(template, "template0");

let created = 0;

async function create({ url, name, strategy }: Template, source: string): Promise<Database> {
  const database = `${name}_${process.pid}_${created++}`;
  await execute(url, `create database "${database}" template ${source} ${strategy}`);
  return {
    url: withDatabase(url, database),
    drop: async () => {
      await execute(url, `drop database if exists "${database}" with (force)`);
    },
  };
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

async function execute(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<{ datname: string; forgetful: boolean }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ datname: string; forgetful: boolean }>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
