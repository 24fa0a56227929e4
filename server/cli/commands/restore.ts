import { parseArgs } from "node:util";
import { withDatabase } from "../../backup/database-url";
import type { EndedAgain } from "../../backup/ended-since";
import { readOccupied, wordsOfUse } from "../../backup/occupied";
import { checkBackup } from "../../backup/read";
import { readRestored, restoreBackup } from "../../backup/restore";
import { migrate } from "../../database/migrate";
import { readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import { eraseDue } from "../../privacy/erase-due";
import { startForCommand } from "../../start";
import { ask } from "../ask";
import { fail, failWith } from "../failure";
import { readGiven } from "../usage";
import { tellWait } from "../wait";

/**
 * `npm run restore -- FILE [--replace]`: replaces everything in the database by a backup. A database with users is
 * replaced only with `--replace`, or after a yes at the terminal.
 */
const { file, replace } = readGiven("Usage: npm run restore -- FILE [--replace]", readArguments);
const env = readEnv();
const log = createLog("error");

const wordsOfNobody = env.ADMIN_EMAIL
  ? "There is no administrator. When the site starts, it makes ADMIN_EMAIL one."
  : "There is no administrator. Create one: npm run admin -- create EMAIL";

let isRestored = false;
try {
  const { createdAt } = await checkBackup(file);
  await withDatabase(env, log, async (databaseUrl) => {
    const { users, usedBy } = await readOccupied(databaseUrl);
    if (usedBy.length > 0) fail(`Nothing was restored: ${wordsOfUse(usedBy)}.`);
    if (users > 0 && !replace && !(await isWanted(users, createdAt)))
      fail(`The database holds ${users} users. Nothing was changed. With --replace they are overwritten.`);
    const { rows, ended } = await restoreBackup(databaseUrl, file, { unlessInUse: true, onWait: tellWait });
    isRestored = true;
    await migrate({ databaseUrl, log, onWait: tellWait });
    const { administrators, highestNumber } = await readRestored(databaseUrl);
    console.log(
      `Restored ${rows.User ?? 0} users from the backup of ${createdAt}, with numbers up to ${highestNumber}: higher ones are given out again.`,
    );
    if (ended && Object.values(ended).some((count) => count > 0)) console.log(wordsOfEnded(ended));
    if (ended?.erasures) await eraseAgain(ended.erasures);
    if (administrators === 0) console.log(wordsOfNobody);
  });
  console.log(
    "The queue to Bitrix24 is paused. Start the site, run `npm run bitrix24:check`, then resume the queue at /admin/crm.",
  );
} catch (error) {
  failWith(
    isRestored
      ? "The backup was restored, but a later step failed; the site completes it when it starts"
      : "Nothing was restored",
    error,
  );
}

/** The worker would erase them as well, but erased people must not be visible until it starts. */
async function eraseAgain(people: number): Promise<void> {
  const { services, stop } = await startForCommand(env, log, tellWait);
  try {
    const left = people - (await eraseDue(services)).erased;
    if (left > 0)
      console.error(`People who could not be erased yet: ${left}. The worker tries again, and its log says why.`);
  } finally {
    await stop();
  }
}

function wordsOfEnded({ erasures, consents, tokens, sessions, roles }: EndedAgain): string {
  const counts = [
    `people erased: ${erasures}`,
    `consents withdrawn: ${consents}`,
    `tokens revoked: ${tokens}`,
    `sessions ended: ${sessions}`,
    `administrators demoted: ${roles}`,
  ];
  return `What ended after the backup was ended again (${counts.join(", ")}).`;
}

async function isWanted(users: number, createdAt: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const question = `This overwrites ${users} users with the backup of ${createdAt}. Type yes to go on: `;
  return (await ask(question, { output: process.stderr })).toLowerCase() === "yes";
}

function readArguments(args: string[]): { file: string; replace: boolean } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { replace: { type: "boolean" } },
  });
  const [file, ...rest] = positionals;
  if (!file) throw new Error("Say which file to restore.");
  if (rest.length > 0) throw new Error(`A backup is one file: ${rest.join(" ")} is too much.`);
  return { file, replace: values.replace ?? false };
}
