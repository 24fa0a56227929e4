import { momentIn } from "../platform/time-zone";

const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?`;
const offset = String.raw`(?:\s?(?<zone>UTC|GMT|Z|(?<sign>[+-])(?<zoneHour>\d{2})(?::?(?<zoneMinute>\d{2}))?))?`;

/** As in "01.03.2025 г. в 10:00". From strings, since the build takes no letters beyond ASCII in the text of String.raw. */
const [yearSign, at] = ["г", "в"];

const patterns = [
  new RegExp(String.raw`^(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<day>\d{1,2})(?:(?:T|,?\s+)${time}${offset})?$`, "i"),
  new RegExp(
    String.raw`^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4}|\d{2})(?:\s?${yearSign}\.?)?(?:,?\s+(?:${at}\s+)?${time}${offset})?$`,
    "i",
  ),
];

const groupsIn = (text: string) =>
  patterns.map((pattern) => pattern.exec(text)?.groups).find((found) => found !== undefined);

/**
 * Year, month and day that programs write where there is none: MySQL zeros; 1C and .NET the first day of all; Access and
 * Delphi the day from which they count, and spreadsheets the one before theirs.
 */
const noDays = ["0-0-0", "1-1-1", "1899-12-30", "1900-1-0"];
/** The days on which SQL Server and Unix begin to count: a birthday may be one of them, a registration or payment is not. */
const noMoments = [...noDays, "1900-1-1", "1970-1-1"];

/** Whether a date, with or without a time, only says that there is none. */
export const isNoDay = (text: string): boolean => isOneOf(noDays, text);
/** The same of a registration or a payment. */
export const isNoMoment = (text: string): boolean => isOneOf(noMoments, text);

function isOneOf(days: readonly string[], text: string): boolean {
  const { year = "", month, day } = groupsIn(text) ?? {};
  const isShort = year.length === 2 && year !== "00";
  return !isShort && days.includes([year, month, day].map(Number).join("-"));
}

/** The day that a date names without a time, or with that of midnight, which programs add to days. Null for anything else. */
export function plainDay(text: string): string | null {
  const { year = "", month = "", day = "", hour, minute, second } = groupsIn(text) ?? {};
  const isMidnight = [hour, minute, second].every((part = "0") => Number(part) === 0);
  // Two digits of a year tell no century: a birthday may be of the last one.
  return year.length === 4 && isMidnight ? [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-") : null;
}

/**
 * A date, or date and time, as lists have it: 2025-03-01, 2025-03-01T10:00:00+03:00, 01.03.2025 10:00, 01.03.25.
 * Without a zone of its own it is read in the given zone. Null for anything else, also for dates that do not exist and
 * for 01/03/2025, which is ambiguous.
 */
export function parseMoment(text: string, zone: string): Date | null {
  const groups = groupsIn(text);
  if (!groups) return null;
  const part = (name: string) => Number(groups[name] ?? 0);
  // Two-digit years are after 2000: no registration is older.
  const year = groups.year?.length === 2 ? 2000 + part("year") : part("year");
  const [month, day] = [part("month") - 1, part("day")];
  const [hour, minute, second] = [part("hour"), part("minute"), part("second")];
  const wall = new Date(Date.UTC(year, month, day, hour, minute, second));
  // Date carries an overflow into the next unit.
  const same =
    wall.getUTCFullYear() === year &&
    wall.getUTCMonth() === month &&
    wall.getUTCDate() === day &&
    wall.getUTCHours() === hour &&
    wall.getUTCMinutes() === minute &&
    wall.getUTCSeconds() === second;
  if (!same || part("zoneHour") > 14 || part("zoneMinute") > 59) return null;
  if (groups.zone === undefined) return momentIn(zone, wall.getTime());
  const ahead = (part("zoneHour") * 60 + part("zoneMinute")) * 60_000;
  return new Date(wall.getTime() - (groups.sign === "-" ? -ahead : ahead));
}
