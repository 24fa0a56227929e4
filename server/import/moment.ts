const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?`;
const zone = String.raw`(?:\s?(?:UTC|(?<sign>[+-])(?<zoneHour>\d{2}):?(?<zoneMinute>\d{2})|Z))?`;

const patterns = [
  new RegExp(String.raw`^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:(?:T|,?\s+)${time}${zone})?$`, "i"),
  new RegExp(String.raw`^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?:,?\s+${time}${zone})?$`, "i"),
];

/**
 * A date, or date and time, as lists have it: 2025-03-01, 2025-03-01T10:00:00+03:00, 01.03.2025 10:00. Without a zone it
 * is UTC's. Null for anything else, days that no calendar has included: 01/03/2025 could be two days.
 */
export function parseMoment(text: string): Date | null {
  const groups = patterns.map((pattern) => pattern.exec(text)?.groups).find((found) => found !== undefined);
  if (!groups) return null;
  const part = (name: string) => Number(groups[name] ?? 0);
  const [year, month, day] = [part("year"), part("month") - 1, part("day")];
  const [hour, minute, second] = [part("hour"), part("minute"), part("second")];
  const moment = new Date(Date.UTC(year, month, day, hour, minute, second));
  // Date carries what is too much over into the next unit.
  const same =
    moment.getUTCFullYear() === year &&
    moment.getUTCMonth() === month &&
    moment.getUTCDate() === day &&
    moment.getUTCHours() === hour &&
    moment.getUTCMinutes() === minute &&
    moment.getUTCSeconds() === second;
  if (!same || part("zoneHour") > 14 || part("zoneMinute") > 59) return null;
  const offset = (part("zoneHour") * 60 + part("zoneMinute")) * 60_000;
  return new Date(moment.getTime() - (groups.sign === "-" ? -offset : offset));
}
