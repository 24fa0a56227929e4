/**
 * The people of `$1`, locked in the order of ids, as wherever many are changed at once: two such changes then wait for each
 * other instead of deadlocking. `no key` is the lock that an update takes.
 */
export const lockedInOrder = `select id from "User" where id = any($1::int[]) order by id for no key update`;
