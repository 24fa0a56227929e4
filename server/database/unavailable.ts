/** How soon to try again while the database is away, for programs and for pages that load themselves again. */
export const retryAfterSeconds = 5;

/** The pool refuses at once while its watch knows that the database does not answer. */
export class DatabaseAwayError extends Error {
  constructor() {
    super("the database does not answer");
    this.name = "DatabaseAwayError";
  }
}

/**
 * Codes that say that the database can serve no query now: connection lost (class 08), out of connections, memory
 * or disk (class 53), shutting down or starting (57P01 to 57P05), disk errors (58030); Node's own for sockets; and
 * Prisma's for the same facts: P1001, P1002, P1008, P1017 (not reached, closed), P2024, P2028 (no connection in time),
 * P2037 (too many connections).
 */
const awayCodes =
  /^(08\w{3}|53\w{3}|57P0[1-5]|58030|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024|P2028|P2037)$/;

/** node-postgres tells these by words alone. */
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|the database does not answer)/;

/** Names under which Prisma's driver adapter keeps what the driver said. */
const awayKinds = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;

/**
 * Whether an error means that the database is away, overloaded or full, so that the same request may succeed later. It is
 * asked about errors of our own services only: Bitrix24's errors are Bitrix24Error and carry none of this.
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
