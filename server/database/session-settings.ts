import { searchPathOf } from "./address";

interface Setting {
  value: string;
  /** Values of the same meaning, as PostgreSQL tells them. */
  same: RegExp;
  /** Whether PgBouncer keeps it for a connection, whichever session that gets. */
  isCarried: boolean;
}

/**
 * Settings under which statements mean what they say, and values come back as the drivers read them; server, database and role
 * may have others.
 *
 * Prisma's driver writes a moment without its offset and ignores the offset of one that it reads, while node-postgres and
 * SQL's own clock heed it: in another zone than UTC the two would be hours apart. Neither reads moments in another style than
 * ISO.
 *
 * What waits for a lock reads afterwards what was decided meanwhile. Under another isolation it would go on seeing what was
 * before the lock.
 *
 * The last three are for programs of long ago and for full-text searches: a backslash in a text would begin an escape, a
 * null in an array would be a text, and a search would find some of the people at random.
 */
const settings: Record<string, Setting> = {
  timezone: { value: "UTC", same: /^(etc\/)?(utc|uct|gmt|universal|zulu)$/i, isCarried: true },
  datestyle: { value: "ISO", same: /^iso\b/i, isCarried: true },
  default_transaction_isolation: { value: "read committed", same: /^read (un)?committed$/, isCarried: false },
  standard_conforming_strings: { value: "on", same: /^on$/, isCarried: true },
  array_nulls: { value: "on", same: /^on$/, isCarried: false },
  gin_fuzzy_search_limit: { value: "0", same: /^0$/, isCarried: false },
};

const assign = (name: string, { value }: Setting): string => `set ${name} = '${value}'`;

/** The first statement of every session. Not parameters of the connection, which poolers reject. */
export const firstStatementOf = (schema: string): string =>
  [searchPathOf(schema), ...Object.entries(settings).map(([name, setting]) => assign(name, setting))].join("; ");

const names = Object.keys(settings).map((name) => `'${name}'`);

/** SQL: the settings with which a session of this role begins in this database. */
export const defaultsSql = `select lower(name) as name, reset_val as value from pg_settings where lower(name) in (${names.join(", ")})`;

/**
 * What has to be set for a role whose sessions begin with these settings.
 *
 * @param carries whether the pooler carries settings as PgBouncer does
 */
export const lackingIn = (defaults: { name: string; value: string }[], { carries }: { carries: boolean }): string[] =>
  defaults.flatMap(({ name, value }) => {
    const setting = settings[name];
    if (!setting || (carries && setting.isCarried) || setting.same.test(value)) return [];
    return [assign(name, setting)];
  });
