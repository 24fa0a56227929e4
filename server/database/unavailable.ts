/** Retry-After while the database is away, for programs and for pages that reload automatically. */
export const retryAfterSeconds = 5;

/** Thrown by the pool at once while its watch knows that the database does not answer. */
export class DatabaseAwayError extends Error {
  constructor() {
    super("the database does not answer");
    this.name = "DatabaseAwayError";
  }
}

/**
 * Codes that mean that the database cannot serve queries now: connection lost (class 08), out of connections, memory or
 * disk (class 53), shutting down or starting (57P01 to 57P05), disk errors (58030), no changes taken (25006: a standby, or a
 * server that a provider has made read-only); Node's socket errors; and Prisma's codes for the same: P1001, P1002, P1008,
 * P1017 (not reached, closed), P2024, P2028 (no connection in time), P2037 (too many connections).
 */
const awayCodes =
  /^(08\w{3}|25006|53\w{3}|57P0[1-5]|58030|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024|P2028|P2037)$/;

/** node-postgres reports these only by message. */
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|the database does not answer)/;

/** Names in Prisma's driver adapter for the driver's errors. */
const awayKinds = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;

/**
 * Whether an error means that the database is away, overloaded or full, so that the same request may succeed later.
 * Only for errors of our own services: Bitrix24's errors are Bitrix24Error and have none of these codes.
 */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 6) return false;
  const { name, code, message, kind, originalCode, cause, meta, errors } = error as Record<string, unknown>;
  if (name === "Bitrix24Error") return false;
  if ([code, originalCode].some((each) => typeof each === "string" && awayCodes.test(each))) return true;
  if (typeof kind === "string" && awayKinds.test(kind)) return true;
  if (typeof message === "string" && awayMessages.test(message)) return true;
  const inner = [cause, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError];
  return [...inner, ...(Array.isArray(errors) ? errors : [])].some((each) => isDatabaseAway(each, depth + 1));
}
