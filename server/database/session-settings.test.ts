import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import type { SettledSale } from "../bitrix24/sale";
import { takeDeal } from "../conflicts/choose-deal";
import { createProgressStore } from "../crm/progress-store";
import { parseEnv } from "../platform/env";
import { AppError } from "../platform/errors";
import { createLog } from "../platform/log";
import { registerUser } from "../registration/registration";
import type { RegistrationInput } from "../registration/registration.schema";
import type { Services } from "../services";
import { startServices } from "../start";
import { blocked } from "../test/database";
import { makeUser } from "../test/factories";
import { startPgBouncer } from "../test/pgbouncer";
import { createCopy } from "../test/template";
import { lackingIn } from "./session-settings";

const direct = async (url: string) => url;
const pooled = async (url: string) => {
  const pooler = await startPgBouncer(url, "transaction");
  onTestFinished(pooler.stop);
  return pooler.url;
};
const ways = [
  { way: "directly", by: direct },
  { way: "through a pooler in transaction mode", by: pooled },
];

/** A site on a database whose sessions begin with settings of its own, and a session that keeps these. */
async function siteOn(settings: Record<string, string>, by = direct): Promise<Services & { own: pg.Client }> {
  const { url, drop } = await createCopy(inject("template"));
  onTestFinished(drop);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  for (const [name, value] of Object.entries(settings))
    await admin.query(`alter database "${new URL(url).pathname.slice(1)}" set ${name} = '${value}'`);
  await admin.end();
  const own = new pg.Client({ connectionString: url });
  await own.connect();
  onTestFinished(() => own.end());
  const env = parseEnv({ NODE_ENV: "test", DATABASE_URL: await by(url), ROLE: "web" });
  const { services, stop } = await startServices(env, createLog("silent"));
  onTestFinished(stop);
  return { ...services, own };
}

const farAway = { timezone: "Asia/Kathmandu", datestyle: "German" };
const inUtc = (column: string) => `to_char("${column}" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

test.each(ways)("moments mean the same to Prisma, node-postgres and the database's clock, $way", async ({ by }) => {
  const { db, pool, env, own, ...others } = await siteOn(farAway, by);
  const services = { ...others, db, pool, env };
  const paidAt = new Date("2026-03-04T05:06:07.089Z");
  const paid = await Promise.all(Array.from({ length: 20 }, () => makeUser(db, { isPaid: true, paidAt })));
  const { rows: stored } = await own.query(
    `select distinct ${inUtc("paidAt")} as "paidAt" from "User" where "isPaid" and id = any($1)`,
    [paid.map(({ id }) => id)],
  );
  expect(stored).toEqual([{ paidAt: paidAt.toISOString() }]);

  const begun = Date.now();
  const { id } = await registerUser(services, {
    input: { firstName: "Анна", email: "far@example.com", phone: "+79161234567" } as RegistrationInput,
    utm: { first: null, last: null },
    locale: "ru",
  });
  await createProgressStore(services).markInFlight([id]);
  const { createdAt, crmInFlightUntil } = await db.user.findUniqueOrThrow({ where: { id } });
  const { rows } = await pool.query(`select "createdAt", "crmInFlightUntil" from "User" where id = $1`, [id]);
  expect(rows).toEqual([{ createdAt, crmInFlightUntil }]);
  expect(Math.abs(createdAt.getTime() - begun)).toBeLessThan(600_000);
  const inFlightMs = env.BITRIX24_TIMEOUT_MS + env.BITRIX24_SETTLE_MS;
  expect(Math.abs((crmInFlightUntil?.getTime() ?? 0) - begun - inFlightMs)).toBeLessThan(600_000);
});

test("two who wait for the same lock decide one after the other, whatever isolation the database begins with", async () => {
  const { db, pool } = await siteOn({ default_transaction_isolation: "repeatable read" });
  const [one, other] = [await makeUser(db), await makeUser(db)];
  const sale: SettledSale = { dealId: 77, currency: "USD", amount: 1, rows: [], chosen: true };
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isTaken = false;
  const first = db.$transaction(async (tx) => {
    await takeDeal(tx, one.id, sale);
    isTaken = true;
    await held;
  });
  await expect.poll(() => isTaken).toBe(true);
  const second = db.$transaction((tx) => takeDeal(tx, other.id, sale));
  second.catch(() => {});
  await expect.poll(() => blocked({ pool })).toBe(1);
  letGo();
  await first;
  await expect(second).rejects.toThrow(AppError);
  expect(await db.user.findMany({ where: { bitrix24DealId: 77 }, select: { id: true } })).toEqual([{ id: one.id }]);
});

test("a web process behind a pooler in transaction mode says which isolation its role needs", async () => {
  const started = siteOn({ default_transaction_isolation: "serializable" }, pooled);
  await expect(started).rejects.toThrow(/alter role .* set default_transaction_isolation = 'read committed'\. /);
});

test("settings for programs of long ago change nothing", async () => {
  const { pool } = await siteOn({
    standard_conforming_strings: "off",
    array_nulls: "off",
    gin_fuzzy_search_limit: "5000",
  });
  const { rows } = await pool.query(
    `select length('\\n') as letters, ('{null}'::text[])[1] is null as "isNull", current_setting('gin_fuzzy_search_limit') as limit`,
  );
  expect(rows).toEqual([{ letters: 2, isNull: true, limit: "0" }]);
});

test("what a role lacks before a pooler is named, by what that carries, and another name of the same is not", () => {
  const defaults = (timezone: string, datestyle: string, isolation: string) => [
    { name: "timezone", value: timezone },
    { name: "datestyle", value: datestyle },
    { name: "default_transaction_isolation", value: isolation },
  ];
  const others = defaults("Europe/Moscow", "SQL, DMY", "serializable");
  const isolation = "set default_transaction_isolation = 'read committed'";
  expect(lackingIn(others, { carries: false })).toEqual(["set timezone = 'UTC'", "set datestyle = 'ISO'", isolation]);
  expect(lackingIn(others, { carries: true })).toEqual([isolation]);
  expect(lackingIn(defaults("Etc/UTC", "ISO, DMY", "read committed"), { carries: false })).toEqual([]);
});
