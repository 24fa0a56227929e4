/** The first of the year 1: Prisma writes what is earlier in a way that PostgreSQL refuses. */
const earliest = -62_135_596_800_000;
/** The last that JavaScript has a date for. */
const latest = 8.64e15;

/** Whether the database can be asked for a moment, in milliseconds since 1970; negative for imported people from before. */
export const isMoment = (milliseconds: number): boolean => milliseconds >= earliest && milliseconds <= latest;
