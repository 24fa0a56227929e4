import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { createProgressStore } from "../crm/progress-store";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { registerUser } from "../registration/registration";
import type { RegistrationInput } from "../registration/registration.schema";
import type { Services } from "../services";
import { startServices } from "../start";
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

test("what a role lacks before a pooler that carries no settings is named, and another name of the same is not", () => {
  const defaults = (timezone: string, datestyle: string) => [
    { name: "timezone", value: timezone },
    { name: "datestyle", value: datestyle },
  ];
  expect(lackingIn(defaults("Europe/Moscow", "SQL, DMY"))).toEqual(["set timezone = 'UTC'", "set datestyle = 'ISO'"]);
  expect(lackingIn(defaults("Etc/UTC", "ISO, DMY"))).toEqual([]);
});
