import { parseArgs } from "node:util";
import { withDatabase } from "../../backup/database-url";
import { withoutRateLimit } from "../../bitrix24/transport/rate-limit";
import type { Check } from "../../connection-check/check";
import { checkConnection, isReady } from "../../connection-check/check-connection";
import { troubleOf } from "../../connection-check/check-trouble";
import { enChecklist } from "../../connection-check/check-words";
import { createDb, createPool } from "../../database/db";
import { hasCluster } from "../../database/embedded/home";
import { openForms } from "../../forms/forms";
import { readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import { openSettings } from "../../settings/settings";
import { createBitrix24 } from "../../start";
import { fail, failWith, wordsOf } from "../failure";
import { trialCommand } from "../trial";
import { readGiven } from "../usage";

/**
 * `npm run bitrix24:check`: checks the configured portal and says what to do; exit code 1 if registrations would fail.
 * `-- --trial` also takes one marked registration through and writes a report; exit code 1 unless all steps succeed.
 * `--report FILE` names the report.
 */

const states = { ok: "ok  ", warn: "warn", fail: "FAIL", skip: "-   " } as const;

const options = readGiven("Usage: npm run bitrix24:check [-- --trial [--report FILE]]", readOptions);
const env = readEnv();
if (!env.BITRIX24_WEBHOOK_URL) fail("BITRIX24_WEBHOOK_URL is not set");
if (options.trial) {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, "-");
  process.exit((await trialCommand(env, options.report ?? `bitrix24-trial-${stamp}.txt`)) ? 0 : 1);
}
const checks = await ask().catch((error: unknown) => failWith("The check could not be made", error));
for (const check of checks) {
  const { id, state, facts } = check;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  console.log(`${states[state]} ${id}${told.length > 0 ? `: ${told.join(", ")}` : ""}`);
  if (state !== "fail" && state !== "warn") continue;
  const { what, todo } = troubleOf(enChecklist, "en", check);
  console.log(`     ${what} ${enChecklist.todo} ${todo}`);
}
process.exit(isReady(checks) ? 0 : 1);

/** With the site's database more can be checked; if it does not answer, only the portal is asked. */
async function ask(): Promise<Check[]> {
  const log = createLog("silent");
  const alone = (why: string) => {
    console.error(`Only the environment was checked, not what is set on the site's pages: ${why}.`);
    return checkConnection({ env, bitrix24: createBitrix24({ env, log }, withoutRateLimit) });
  };
  if (!env.DATABASE_URL && !(await hasCluster(`${env.DATA_DIR}/postgres`)))
    return alone(`DATABASE_URL is not set, and there is no database in ${env.DATA_DIR}`);
  let isRead = false;
  try {
    return await withDatabase(env, log, async (databaseUrl) => {
      const pool = createPool(databaseUrl, log, 2);
      const db = createDb(pool);
      try {
        await Promise.all([db.installation.count(), db.setting.count(), db.form.count()]);
        isRead = true;
        // What administrators have set on the settings pages, and on the forms' own, counts as well.
        const { env: live } = await openSettings({ env, db, log }, { follow: false });
        const forms = await openForms({ db, log }, { follow: false });
        const bitrix24 = createBitrix24({ env: live, log, db, forms }, withoutRateLimit);
        return await checkConnection({ env: live, bitrix24, db, forms });
      } finally {
        await db.$disconnect();
        await pool.end();
      }
    });
  } catch (error) {
    if (isRead) throw error;
    return alone(`the database cannot be read (${wordsOf(error)})`);
  }
}

function readOptions(args: string[]): { trial?: boolean; report?: string } {
  const { values } = parseArgs({ args, options: { trial: { type: "boolean" }, report: { type: "string" } } });
  if (values.report !== undefined && !values.trial)
    throw new Error("Only a trial writes a report: --report needs --trial.");
  return values;
}
