import type { Db } from "./db";
import { withSession } from "./session";

/**
 * Notes that a backup was written: one that fails night after night is missed only when it is needed. The backup is good
 * without this as well, so a database that cannot be written to, or that an earlier release has made, is no failure. In a
 * session of its own: the one that wrote the backup has said nothing while the file was verified, and may have been cut.
 */
export async function noteBackup(databaseUrl: string): Promise<void> {
  await withSession(databaseUrl, (client) => client.query(`update "CrmPortal" set "backedUpAt" = now()`)).catch(
    () => {},
  );
}

/** When a backup was last written; null: never. */
export async function readBackupTime(db: Db): Promise<Date | null> {
  const row = await db.crmPortal.findUnique({ where: { id: 1 }, select: { backedUpAt: true } });
  return row?.backedUpAt ?? null;
}
