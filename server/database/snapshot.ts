import type { Db, Tx } from "./db";

/**
 * Several reads that see the database as of one moment. Read one by one, what is changed in between makes a page that
 * contradicts itself: a person who is paid, with a history that knows of no payment. Keep it to reads of the database:
 * it holds one connection until `read` has ended, and `read` awaits one query after another.
 */
export const inSnapshot = <T>(db: Db, read: (db: Tx) => Promise<T>): Promise<T> =>
  db.$transaction(read, { isolationLevel: "RepeatableRead" });
