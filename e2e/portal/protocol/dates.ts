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

/** Reads a date as filters carry it. Without an offset it is the portal's local time; with one it is taken only if `atom` allows. */
export function parseDateTime(text: string, offsetMinutes: number, atom = true): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, date, time = "00:00:00", zone] = match;
  if (zone && !atom) return undefined;
  const at = Date.parse(`${date}T${time}${zone ?? formatOffset(offsetMinutes)}`);
  return Number.isNaN(at) ? undefined : at;
}
