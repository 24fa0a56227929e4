import { searchPathOf } from "./address";

interface Setting {
  value: string;
  /** Values of the same meaning, as PostgreSQL tells them. */
  same: RegExp;
}

/**
 * Settings under which statements mean what they say, and values come back as the drivers read them; server, database and role
 * may have others. Prisma's driver writes a moment without its offset and ignores the offset of one that it reads, while
 * node-postgres and SQL's own clock heed it: in another zone than UTC the two would be hours apart. Neither reads moments in
 * another style than ISO.
 */
const settings: Record<string, Setting> = {
  timezone: { value: "UTC", same: /^(etc\/)?(utc|uct|gmt|universal|zulu)$/i },
  datestyle: { value: "ISO", same: /^iso\b/i },
};

const assign = (name: string, { value }: Setting): string => `set ${name} = '${value}'`;

/** The first statement of every session. Not parameters of the connection, which poolers reject. */
export const firstStatementOf = (schema: string): string =>
  [searchPathOf(schema), ...Object.entries(settings).map(([name, setting]) => assign(name, setting))].join("; ");

/** SQL: the settings with which a session of this role begins in this database. */
export const defaultsSql = `select lower(name) as name, reset_val as value from pg_settings where lower(name) in (${Object.keys(
  settings,
)
  .map((name) => `'${name}'`)
  .join(", ")})`;

/** What has to be set for a role whose sessions begin with these settings. */
export const lackingIn = (defaults: { name: string; value: string }[]): string[] =>
  defaults.flatMap(({ name, value }) => {
    const setting = settings[name];
    return setting && !setting.same.test(value) ? [assign(name, setting)] : [];
  });
