import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "@playwright/test";
import type { Db } from "../server/database/db";
import type { Stack } from "./stack";

export interface Clock {
  /** Lets so much time pass for site, portal and page at once: `await clock.pass({ hours: 1 })`. */
  pass(time: { days?: number; hours?: number; minutes?: number; seconds?: number }): Promise<void>;
}

/**
 * PostgreSQL's clock cannot be put forward. Instead all moments that the site keeps are moved back, so that they are older.
 * The portal's clock goes forward. In the page timers run down and what is shown becomes older, after which its calendar is
 * the site's again.
 */
export async function startClock({ db, portal }: Stack, page: Page, hasScripts: boolean): Promise<Clock> {
  if (hasScripts) await page.clock.install();
  return {
    pass: async ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => {
      const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
      if (ms <= 0) throw new Error("Time passes forwards only.");
      await growOlder(db, ms);
      portal.advance(ms);
      if (!hasScripts) return;
      await page.clock.fastForward(ms);
      await page.clock.setSystemTime(Date.now());
    },
  };
}

/** Prisma would give a busy machine five seconds. */
const patient = { timeout: 240_000, maxWait: 240_000 };

/**
 * Moves every moment in the database back, the queue's included. Not those that are part of a unique index, such as the
 * queue's slots: they are names of something, and two might become the same. Gives way to whatever site and worker have
 * in hand, since one of them would otherwise be the victim of a deadlock.
 */
async function growOlder(db: Db, ms: number): Promise<void> {
  for (;;) {
    try {
      return await tryToGrowOlder(db, ms);
    } catch (error) {
      if (!/lock timeout|55P03|deadlock|40P01/.test(`${error} ${JSON.stringify(error)}`)) throw error;
      await delay(50);
    }
  }
}

async function tryToGrowOlder(db: Db, ms: number): Promise<void> {
  await db.$transaction(async (tx) => {
    // Shorter than the time after which PostgreSQL looks for deadlocks.
    await tx.$executeRaw`set local lock_timeout = '200ms'`;
    const tables = await tx.$queryRaw<{ name: string; columns: string[] }[]>`
      select format('%I.%I', n.nspname, c.relname) as name, array_agg(quote_ident(a.attname)) as columns
      from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relkind in ('r', 'p') and not c.relispartition
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and a.atttypid in ('timestamp'::regtype, 'timestamptz'::regtype)
        and not exists (
          select from pg_index i join pg_attribute indexed on indexed.attrelid = i.indrelid
          where i.indisunique and indexed.attnum = any(i.indkey) and indexed.attname = a.attname
            and (i.indrelid = c.oid or i.indrelid in (select inhrelid from pg_inherits where inhparent = c.oid)))
      group by n.nspname, c.relname`;
    await tx.$executeRawUnsafe(`lock table ${tables.map(({ name }) => name).join(", ")} in exclusive mode`);
    for (const { name, columns } of tables) {
      // The triggers of the other tables keep what must not be changed; those of people count them by day.
      const role = name.endsWith('."User"') ? "origin" : "replica";
      await tx.$executeRaw`select set_config('session_replication_role', ${role}, true)`;
      const moved = columns.map((column) => `${column} = ${column} - ${ms} * interval '1 millisecond'`);
      await tx.$executeRawUnsafe(`update ${name} set ${moved.join(", ")}`);
    }
  }, patient);
}
