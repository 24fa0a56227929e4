/**
 * What a database must not send any more that was restored from a backup, or copied: what waited was sent by the original
 * since, or still is. By table, because a backup of an older release does not have every one. The rows about people stay: a
 * message in the portal has to be taken back if its person is erased. For any kind of connection.
 */
export const silencing: readonly { table: string; statement: string }[] = [
  { table: "Webhook", statement: `update "Webhook" set "disabledAt" = now() where "disabledAt" is null` },
  {
    table: "PersonNotice",
    statement: `
      update "PersonNotice" set "state" = 'failed', "error" = 'RESTORED', "attemptedAt" = coalesce("attemptedAt", now())
      where "state" = 'pending'`,
  },
  { table: "AlertMessage", statement: `delete from "AlertMessage" where "state" = 'pending'` },
];
