/** `2026-01-02T10:00:00+03:00`: the portal writes its own offset, never UTC. */
export function formatDateTime(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 19) + formatOffset(offsetMinutes);
}

/** Date-only columns come back as server midnight seen from the portal's zone, hence the odd hour. */
export function formatDate(date: string, offsetMinutes: number): string {
  return date === "" ? "" : `${date}T03:00:00${formatOffset(offsetMinutes)}`;
}

export function today(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 10);
}

function formatOffset(minutes: number): string {
  const absolute = Math.abs(minutes);
  const hours = String(Math.floor(absolute / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(absolute % 60).padStart(2, "0")}`;
}

/** `2026-12-31T18:00:00.000Z`, with a space for the T, without a fraction, an offset or a time. */
const international = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** As the portal's pages write it, `31.12.2026 18:00:00`: without an offset. */
const written = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{1,2}:\d\d(?::\d\d)?))?$/;

/**
 * Reads a date as clients send it, in fields and in filters; columns keep whole seconds. Without an offset it is the portal's
 * local time; with one it is taken only if `atom` allows.
 */
export function parseDateTime(text: string, offsetMinutes: number, atom = true): number | undefined {
  const [, date, time = "00:00:00", zone] = international.exec(rewritten(text.trim())) ?? [];
  if (date === undefined || (zone && !atom)) return undefined;
  const at = Date.parse(`${date}T${time}${zone ?? formatOffset(offsetMinutes)}`);
  return Number.isNaN(at) ? undefined : at;
}

/** The day on which it is then where the portal is. */
export function parseDate(text: string, offsetMinutes: number): string | undefined {
  const at = parseDateTime(text, offsetMinutes);
  return at === undefined ? undefined : today(at, offsetMinutes);
}

function rewritten(text: string): string {
  const [, day = "", month = "", year, time = "00:00"] = written.exec(text) ?? [];
  return year === undefined
    ? text
    : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${time.replace(/^\d:/, "0$&")}`;
}
