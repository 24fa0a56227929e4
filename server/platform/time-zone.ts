/**
 * Days and clock times of a time zone, given by its IANA name, such as Europe/Moscow. Used by pages as well, so this
 * file imports nothing of the server. A clock time ("wall") is a number of milliseconds as if the clock were UTC's.
 */

export const dayMs = 24 * 60 * 60 * 1_000;

/** A name, not an offset: +03:00 has no summer time, and PostgreSQL reads its sign the opposite way. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    clockOf(text);
    return true;
  } catch {
    return false;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const two = "2-digit";
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
  clocks.set(zone, clock);
  return clock;
}

/** The zone's clock time at that moment, to the second. */
function wallIn(zone: string, moment: number): number {
  if (zone === "UTC") return moment;
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(moment)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The zone's offset from UTC. */
const offsetAt = (zone: string, moment: number): number => wallIn(zone, moment) - Math.floor(moment / 1_000) * 1_000;

/**
 * The moment at which the zone's clock shows `wall`. A time that occurs twice, when clocks go back, means the first;
 * one that never occurs, when they go forward, is read with the offset from before the change.
 */
export function momentIn(zone: string, wall: number): Date {
  if (zone === "UTC") return new Date(wall);
  const before = offsetAt(zone, wall - dayMs);
  const after = offsetAt(zone, wall + dayMs);
  const found = [before, after].map((offset) => wall - offset).filter((moment) => wallIn(zone, moment) === wall);
  return new Date(found.length > 0 ? Math.min(...found) : wall - before);
}

/** The day of a moment, YYYY-MM-DD. */
export const dayIn = (zone: string, moment: Date): string => isoDay(wallIn(zone, moment.getTime()));

/** The format that spreadsheets recognise as a date: YYYY-MM-DD HH:MM:SS. */
export const clockTime = (zone: string, moment: Date): string =>
  new Date(wallIn(zone, moment.getTime())).toISOString().slice(0, 19).replace("T", " ");

/** The first moment of a day. */
export const startOfDay = (zone: string, day: string): Date => momentIn(zone, Date.parse(day));

export const addDays = (day: string, days: number): string => isoDay(Date.parse(day) + days * dayMs);

/** The day on a clock that shows `wall`. */
export const isoDay = (wall: number): string => new Date(wall).toISOString().slice(0, 10);

/** Whether the text is a calendar day, as YYYY-MM-DD. The year 0 is invalid, because PostgreSQL refuses it. */
export function isDay(text: string): boolean {
  const wall = Date.parse(text);
  // JavaScript reads 30 February as a day in March.
  return /^[12]\d{3}-\d\d-\d\d$/.test(text) && !Number.isNaN(wall) && isoDay(wall) === text;
}
