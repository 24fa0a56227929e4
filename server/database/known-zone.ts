import type { Tx } from "./db";

/** PostgreSQL's code for a value that a function refuses. */
const invalidValue = "22023";

/**
 * Whether PostgreSQL knows a time zone. It and Node get their zones with different packages: on Debian 13 PostgreSQL knows
 * Europe/Kiev only where tzdata-legacy is installed.
 */
export async function isZoneKnown(db: Tx, zone: string): Promise<boolean> {
  try {
    await db.$queryRaw`select (now() at time zone ${zone})::text`;
    return true;
  } catch (error) {
    const { meta } = error as { meta?: { driverAdapterError?: { cause?: { code?: unknown } } } };
    if (meta?.driverAdapterError?.cause?.code === invalidValue) return false;
    throw error;
  }
}
