import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { withDatabase } from "../../backup/database-url";
import { writeBackup } from "../../backup/write";
import { createPool } from "../../database/db";
import { readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import { failWith } from "../failure";
import { readGiven } from "../usage";
import { tellWait } from "../wait";

/**
 * `npm run backup -- FILE`: writes the whole installation into one file while the site runs. The file is verified
 * before it gets its name. Migrates nothing: run by the files of a release that is about to be installed, it must leave the
 * database to the one that runs, whose restore knows no newer migration.
 */
const file = readGiven("Usage: npm run backup -- FILE", (args) => {
  // A mistyped option is no file's name.
  const [path, ...rest] = parseArgs({ args, allowPositionals: true, options: {} }).positionals;
  if (!path) throw new Error("Say which file to write.");
  if (rest.length > 0) throw new Error(`A backup is one file: ${rest.join(" ")} is too much.`);
  return resolve(path);
});
const log = createLog("error");
const stop = new AbortController();
// A half-written file holds people's data: it is removed before the end.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop.abort());

try {
  const rows = await withDatabase(readEnv(), log, async (databaseUrl) => {
    const pool = createPool(databaseUrl, log, 2);
    try {
      return await writeBackup(pool, file, { signal: stop.signal, onWait: tellWait });
    } finally {
      await pool.end();
    }
  });
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  console.log(`Wrote ${file}: ${rows.User ?? 0} users, ${total} rows in all. It holds personal data: keep it safe.`);
} catch (error) {
  failWith("No backup was written", error);
}
