import { cpSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createDb, createPool } from "../database/db";
import { migrate } from "../database/migrate";
import { migrationNames, prismaFolder } from "../database/migration-files";
import { createLog } from "../platform/log";
import { createQueue } from "../queue/queue";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createEmptyDatabase } from "../test/template";
import { LeaderLock } from "../worker/leader-lock";
import { readOccupied } from "./occupied";
import { restoreBackup } from "./restore";
import { writeBackup } from "./write";

const log = createLog("silent");
const folder = makeTestFolder();
let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let admin: pg.Pool;
beforeAll(async () => {
  database = await createEmptyDatabase(inject("template"));
  admin = createPool(database.url, log);
});
afterAll(async () => {
  await admin.end();
  await database.drop();
  removeTestFolder(folder);
});

/** Works with one of the installations of the database, and leaves no connection of it. */
async function inSchema<T>(schema: string | null, work: (installation: Installation) => Promise<T>): Promise<T> {
  const url = schema === null ? database.url : `${database.url}?schema=${schema}`;
  await migrate({ databaseUrl: url, log });
  const pool = createPool(url, log, 2);
  const db = createDb(pool);
  const queue = await createQueue({ pool, log, supervise: false });
  try {
    return await work({ url, pool, db, queue });
  } finally {
    await queue.stop();
    await db.$disconnect();
    await pool.end();
  }
}
interface Installation {
  url: string;
  pool: pg.Pool;
  db: ReturnType<typeof createDb>;
  queue: Awaited<ReturnType<typeof createQueue>>;
}

const emails = ({ db }: Installation) => db.user.findMany({ select: { email: true }, orderBy: { id: "asc" } });
const addressOf = (schema: string | null) => (schema === null ? database.url : `${database.url}?schema=${schema}`);

test.each([
  ["crm", null],
  [null, "crm"],
  ["Shop", "crm"],
])(
  "restoring the installation in %s leaves the one in %s, and what else is in the database, as it is",
  async (target, other) => {
    const file = join(folder, `${target}-${other}`);
    const marked = `kept-${crypto.randomUUID()}@example.com`;
    await inSchema(other, async ({ db, queue }) => {
      const { id } = await makeUser(db, { email: marked });
      await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", id));
    });
    await admin.query("create schema if not exists theirs; create table if not exists theirs.people (id int)");
    await inSchema(target, async (installation) => {
      await makeUser(installation.db, { email: `before-${crypto.randomUUID()}@example.com` });
      await writeBackup(installation.pool, file);
    });
    const backedUp = await inSchema(target, emails);
    await inSchema(target, async ({ db, pool }) => {
      await makeUser(db);
      await pool.query(`create table "Later" (id int); create view "LaterView" as select * from "User";
      create type "LaterType" as enum ('a'); create type "LaterPair" as (a int, b int); create domain "LaterDomain" as int;
      create function later("Role", text default 'x') returns int language sql as 'select 1'; create sequence "LaterIds"`);
    });

    await restoreBackup(addressOf(target), file);

    expect(await inSchema(target, emails)).toEqual(backedUp);
    await inSchema(target, async ({ pool }) => {
      const { rows } = await pool.query(
        `select relname as name from pg_class where relnamespace::regnamespace = quote_ident(current_schema())::regnamespace
         and relname like 'Later%'
       union all select proname from pg_proc where pronamespace = quote_ident(current_schema())::regnamespace and proname = 'later'
       union all select typname from pg_type where typnamespace = quote_ident(current_schema())::regnamespace and typname like 'Later%'`,
      );
      expect(rows).toEqual([]);
    });
    await inSchema(other, async ({ db, queue }) => {
      expect(await db.user.count({ where: { email: marked } })).toBe(1);
      expect(await queue.fetch("crm-registration", 100)).not.toHaveLength(0);
    });
    const { rows } = await admin.query(
      "select (select count(*)::int from theirs.people) as theirs, (select count(*)::int from pg_extension where extname = 'pg_trgm') as extension",
    );
    expect(rows).toEqual([{ theirs: 0, extension: 1 }]);
  },
);

test("a backup of one schema is restored into another one", async () => {
  const file = join(folder, "moved");
  await inSchema("first", async ({ db, pool }) => {
    await makeUser(db, { email: "moved@example.com" });
    await writeBackup(pool, file);
  });
  await inSchema("second", async () => {});
  await restoreBackup(addressOf("second"), file);
  expect(await inSchema("second", emails)).toEqual([{ email: "moved@example.com" }]);
});

test("an installation is in use where its own site or worker runs, not where another one does", async () => {
  await inSchema("busy", async ({ url, pool }) => {
    await inSchema("idle", async () => {});
    const held = await pool.connect();
    const leaderLock = new LeaderLock(url, log);
    await leaderLock.tryAcquire();
    // Sessions of the tests bear no name, so they count everywhere.
    const connections = async (schema: string) => {
      const { usedBy } = await readOccupied(addressOf(schema));
      return usedBy.reduce((sum, { count }) => sum + count, 0);
    };
    await expect.poll(async () => (await connections("busy")) - (await connections("idle"))).toBe(pool.totalCount + 1);
    held.release();
    await leaderLock.release();
  });
});

test.each([
  ["without records of migrations", ""],
  [
    "with records of its own migrations",
    "create table _prisma_migrations (migration_name text, checksum text, finished_at timestamptz, rolled_back_at timestamptz); insert into _prisma_migrations values ('20200101_shop', '', now(), null);",
  ],
])("another program's tables %s are not replaced by a backup", async (_, records) => {
  const file = join(folder, "for-another");
  await inSchema("ours", async ({ db, pool }) => {
    await makeUser(db);
    await writeBackup(pool, file);
  });
  await admin.query(`drop schema if exists shop cascade; create schema shop; set search_path = shop; ${records}
    create table orders (id int); insert into orders values (1); set search_path to default`);
  const refusal = "The database has tables, but none of ours: name an empty schema in DATABASE_URL.";
  await expect(readOccupied(addressOf("shop"))).rejects.toThrow(refusal);
  await expect(restoreBackup(addressOf("shop"), file)).rejects.toThrow(refusal);
  const { rows } = await admin.query("select count(*)::int as count from shop.orders");
  expect(rows).toEqual([{ count: 1 }]);
});

test("restoring a backup of a release without webhooks leaves those of another installation as they are", async () => {
  const file = join(folder, "early");
  const release = join(folder, "release");
  for (const name of (await migrationNames(prismaFolder())).filter((name) => name < "20261126190000"))
    cpSync(join(prismaFolder(), "migrations", name), join(release, "migrations", name), { recursive: true });
  await migrate({ databaseUrl: addressOf("early"), log, folder: release });
  const early = createPool(addressOf("early"), log, 1);
  await writeBackup(early, file).finally(() => early.end());
  const enabled = { url: "https://example.com/hook", events: ["registration"], sealedSecret: "sealed", createdById: 1 };
  // The extension that scripts need is in the usual schema.
  const { id } = await inSchema(null, ({ db }) => db.webhook.create({ data: enabled, select: { id: true } }));

  await restoreBackup(addressOf("later"), file);
  expect(await inSchema(null, ({ db }) => db.webhook.findUnique({ where: { id } }))).toMatchObject({
    ...enabled,
    disabledAt: null,
  });
});
