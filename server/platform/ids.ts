/** The largest integer of PostgreSQL: a larger number is no id, and a query for it an error. */
export const maxId = 2_147_483_647;

/** PostgreSQL's bigint, the ids of the append-only logs. */
const maxLogId = 9_223_372_036_854_775_807n;

/** An id from a URL or a form: plain decimal digits within the database's range. Null for anything else. */
export function parseId(text: unknown): number | null {
  if (typeof text !== "string" || !/^\d{1,10}$/.test(text)) return null;
  const id = Number(text);
  return id >= 1 && id <= maxId ? id : null;
}

/** The newest id that a page has shown, 0 if it showed none. Undefined for anything else. */
export const parseSeenId = (text: unknown): number | undefined => (text === "0" ? 0 : (parseId(text) ?? undefined));

/** The id of a log entry, which may exceed a JavaScript number. Null for anything else. */
export function parseLogId(text: unknown): bigint | null {
  if (typeof text !== "string" || !/^\d{1,19}$/.test(text)) return null;
  const id = BigInt(text);
  return id >= 1n && id <= maxLogId ? id : null;
}
