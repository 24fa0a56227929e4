import { expect, onTestFinished, test } from "vitest";
import { createDb, createPool } from "../database/db";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { blocked, createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { withoutHeldGroups } from "./form-holds";
import { skipEmployees } from "./refused-responsible";
import { assignResponsible } from "./responsible";
import type { Selected } from "./select-ready";
import type { SettingsGroup } from "./settings-groups";

/** A database that reads people in the order in which they lie, and in which the younger of two lies first. */
async function start() {
  const database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.pool.query(
    `alter database "${name}" set enable_indexscan = off; alter database "${name}" set enable_bitmapscan = off`,
  );
  const pool = createPool(database.url, createLog("silent"));
  const db = createDb(pool);
  onTestFinished(async () => {
    await db.$disconnect();
    await pool.end();
    await database.drop();
  });
  const refused = { crmAssignedById: 7 };
  const [older, younger] = [(await makeUser(db, refused)).id, (await makeUser(db, refused)).id];
  await pool.query(`update "User" set "firstName" = 'Moved' where id = $1`, [older]);
  return { database, services: { db, pool, env: parseEnv({}), log: createLog("silent") }, older, younger };
}

type Started = Awaited<ReturnType<typeof start>>;

const group = { key: "another", formId: 2, forms: [2] } as SettingsGroup;

/** Both people, as ready to be sent by a form that is held up. */
async function held({ services, older, younger }: Started): Promise<Selected> {
  await services.db.form.create({ data: { id: 2, slug: "another", name: "Another" } });
  await services.db.formHold.create({
    data: { key: group.key, formId: 2, code: "UNFIT_STAGE", probeAt: new Date(Date.now() + 3_600_000) },
  });
  const go = [younger, older].map((userId) => ({ job: { id: "", userId, priority: 0 }, person: { userId }, group }));
  return { go, finished: [], groups: { all: [group], of: () => group } } as unknown as Selected;
}

const settings = { responsible: [3], turnOf: null };
const changes: [name: string, change: (started: Started) => Promise<unknown>][] = [
  [
    "given responsible persons",
    ({ services, older, younger }) =>
      assignResponsible(
        services,
        new Map([younger, older].map((userId) => [userId, { owner: 3, settings }])),
        new Set(),
      ),
  ],
  ["taken from a refused responsible person", ({ services }) => skipEmployees(services, new Set([7]))],
  ["held back with their form", async (started) => withoutHeldGroups(started.services, await held(started))],
];

for (const [name, change] of changes)
  test(`people who are ${name} are locked in the order of ids, beside a bulk change that does so too`, async () => {
    const started = await start();
    const { database, services, older, younger } = started;
    const other = await services.pool.connect();
    const lock = (id: number) => other.query(`select 1 from "User" where id = $1 for update`, [id]);
    try {
      await other.query("begin");
      await lock(older);
      const changing = change(started);
      await Promise.race([changing, expect.poll(() => blocked(database)).toBe(1)]);
      await lock(younger);
      await other.query("commit");
      await changing;
    } finally {
      await other.query("rollback");
      other.release();
    }
  });
