import { parseArgs } from "node:util";
import { withoutRateLimit } from "../../bitrix24/transport/rate-limit";
import type { Check } from "../../connection-check/check";
import { checkConnection, isReady } from "../../connection-check/check-connection";
import { createDb, createPool } from "../../database/db";
import { readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import { openSettings } from "../../settings/settings";
import { createBitrix24 } from "../../start";
import { trialCommand } from "../trial";

/**
 * `npm run bitrix24:check`: checks the configured portal and says what to do; exit code 1 if registrations would fail.
 * `-- --trial` also takes one marked registration through and writes a report; exit code 1 unless all steps succeed.
 * `--report FILE` names the report.
 */

const advice: Record<Check["id"], string> = {
  credentials: "Create an inbound webhook on the portal and put its whole address into BITRIX24_WEBHOOK_URL.",
  scopes: "Open the webhook on the portal and tick CRM (crm), Trade catalogue (catalog) and Users (user).",
  contacts:
    "Give the webhook's owner the right to read contacts, or make the webhook as an administrator. On an old box: update the portal.",
  deals:
    "Give the webhook's owner the right to read deals, or make the webhook as an administrator. On an old box: update the portal.",
  duplicates:
    "Give the webhook's owner the right to read contacts: without a search a customer would get a second contact.",
  rows: "Give the webhook's owner the right to read and change deals. On an old box: update the portal.",
  writing:
    "No method tells whether this employee may add and change contacts and deals: make a test registration on /bitrix24-test.",
  fields: "Choose other fields on the page of settings, or restore them on the portal.",
  demands: "Make these fields optional on the portal: registrations do not fill them in.",
  product:
    "Give the product a price in USD of the base type, set BITRIX24_PRICE_USD, or correct BITRIX24_PRODUCT_ID. Of a product with variations name one of these; a product that may not be read needs a right, not another number.",
  currency: "Add USD to the portal's currencies (CRM, Settings, Currencies).",
  funnel: "Set BITRIX24_CATEGORY_ID to the number of an existing deal funnel; 0 is the first one.",
  stage: "Set BITRIX24_STAGE_ID to a stage of that funnel, or leave it unset for its first stage.",
  paidStage:
    "Set the stage of paid deals (BITRIX24_PAID_STAGE_ID, the page of settings, or the form itself under /admin/settings/forms) to a stage of that funnel, for example WON. With a stage in the middle every later one means paid as well.",
  source: "Set BITRIX24_SOURCE_ID to a source of the portal's list; an unknown one is stored as it is.",
  forms: "Open the form under /admin/settings/forms and check it: the page says what the portal lacks.",
  responsible: "Set BITRIX24_ASSIGNED_BY_IDS to ids of active users of the portal.",
  visibility:
    "Let the webhook's owner read the deals of all employees: a deal that the owner cannot see would be taken for missing and created twice.",
  marks:
    "If another installation works on this portal, set another BITRIX24_ORIGINATOR_ID here; else look at those records on the portal.",
  clock: "Set the clock of this machine: the portal's differs.",
  events: "Create an outgoing webhook on the portal and put its token into BITRIX24_EVENT_TOKEN.",
  messages:
    "Tick Chat and notifications (im) in the webhook's settings, or switch the messages off under /admin/settings/letters.",
  mail: "Set SMTP_URL and MAIL_FROM to a mail server that lets us in: without it people cannot confirm an address or reset a password.",
};
const marks = { ok: "ok  ", warn: "warn", fail: "FAIL", skip: "-   " } as const;

const { values: options } = parseArgs({ options: { trial: { type: "boolean" }, report: { type: "string" } } });
const env = readEnv();
if (!env.BITRIX24_WEBHOOK_URL) {
  console.error("BITRIX24_WEBHOOK_URL is not set");
  process.exit(1);
}
if (options.trial) {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, "-");
  process.exit((await trialCommand(env, options.report ?? `bitrix24-trial-${stamp}.txt`)) ? 0 : 1);
}
const checks = await ask();
for (const { id, state, facts } of checks) {
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  console.log(`${marks[state]} ${id}${told.length > 0 ? `: ${told.join(", ")}` : ""}`);
  if (state === "fail" || state === "warn") console.log(`     ${advice[id]}`);
}
process.exit(isReady(checks) ? 0 : 1);

/** With the site's database more can be checked; if it does not answer, only the portal is asked. */
async function ask(): Promise<Check[]> {
  const log = createLog("silent");
  const alone = () => checkConnection({ env, bitrix24: createBitrix24({ env, log }, withoutRateLimit) });
  if (!env.DATABASE_URL) return alone();
  const pool = createPool(env.DATABASE_URL, log, 2);
  const db = createDb(pool);
  try {
    const isReadable = await Promise.all([db.installation.count(), db.setting.count()]).catch(() => undefined);
    if (isReadable === undefined) return await alone();
    // What administrators have set on the settings pages counts as well.
    const { env: live } = await openSettings({ env, db, log }, { follow: false });
    const bitrix24 = createBitrix24({ env: live, log, db }, withoutRateLimit);
    return await checkConnection({ env: live, bitrix24, db });
  } finally {
    await db.$disconnect();
    await pool.end();
  }
}
