import type { ClientBase } from "pg";
import type { Db } from "./db";

/**
 * Notes that a backup was written: one that fails night after night is missed only when it is needed. The backup is good
 * without this as well, so a database that cannot be written to, or that an earlier release has made, is no failure.
 */
export async function noteBackup(client: ClientBase): Promise<void> {
  await client.query(`update "CrmPortal" set "backedUpAt" = now()`).catch(() => {});
}

/** When a backup was last written; null: never. */
export async function readBackupTime(db: Db): Promise<Date | null> {
  const row = await db.crmPortal.findUnique({ where: { id: 1 }, select: { backedUpAt: true } });
  return row?.backedUpAt ?? null;
}
