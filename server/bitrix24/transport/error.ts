/**
 * Whether the portal executed the request: `no` certainly not, `unknown` perhaps (the look-up tells, once the request
 * can no longer take effect).
 */
export type Applied = "no" | "unknown";

/**
 * How to react to a failure.
 * - limit: too fast or too much execution time; nothing was executed, wait
 * - outage: the portal or the connection to it fails; wait, and count no attempt
 * - blocked: every request fails until an administrator acts (credentials, plan, scope, configuration); open the
 *   breaker
 * - refused: this command was refused; a comparison of people tells whether one person's data or a common cause is the
 *   reason
 * - held: this person's records may be another installation's; nothing is sent until an administrator has answered
 * - halted: not executed, because an earlier command was refused; it has no result of its own
 */
export type FailureKind = "limit" | "outage" | "blocked" | "refused" | "held" | "halted";

export interface FailureFacts {
  code: string;
  kind: FailureKind;
  applied: Applied;
  method: string;
  status?: number | undefined;
  /** The earliest useful time of the next attempt, if the portal returned it. */
  retryAt?: Date | undefined;
  cause?: unknown;
  /** The portal's sentence: it may quote what a person typed, so it is read and never stored. */
  sentence?: string | undefined;
  /** The step of the registration: `contact.add`, `deal.add` and so on. One method serves several steps. */
  step?: string | undefined;
  /** The portal's field that the failure is about, as administrators see it there. */
  field?: string | undefined;
  /** The request was sent and carried this command only: nothing else in it can be the reason. */
  alone?: boolean | undefined;
}

/** A failed call. The message contains only code, status and method: no URL, no parameters, no portal text. */
export class Bitrix24Error extends Error {
  readonly code: string;
  readonly kind: FailureKind;
  readonly applied: Applied;
  readonly method: string;
  readonly status: number | undefined;
  readonly retryAt: Date | undefined;
  readonly step: string | undefined;
  readonly field: string | undefined;
  readonly alone: boolean | undefined;
  /** Private, so that no log line can list it among an error's properties. */
  readonly #sentence: string | undefined;

  constructor(facts: FailureFacts) {
    super(
      `${facts.method}: ${facts.code}${facts.status ? ` (HTTP ${facts.status})` : ""}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.name = "Bitrix24Error";
    this.code = facts.code;
    this.kind = facts.kind;
    this.applied = facts.applied;
    this.method = facts.method;
    this.status = facts.status;
    this.retryAt = facts.retryAt;
    this.step = facts.step;
    this.field = facts.field;
    this.alone = facts.alone;
    this.#sentence = facts.sentence;
  }

  /** The portal's sentence, for finding the field that it is about. Never log, store or show it. */
  get sentence(): string | undefined {
    return this.#sentence;
  }

  /**
   * Refused because of the record: because of the written values, or because the record is closed to the webhook's
   * owner. Inside a batch a refusal has no status, and alone 400, or 200 on older portals. 401, and on older portals 403,
   * means the whole webhook, as when the portal's plan has ended. Where 403 means the record, its status is taken off: see
   * `asToldInBatch` in batch-runner.ts.
   */
  get refusesItem(): boolean {
    const closed = this.code === "ACCESS_DENIED" && this.status !== 401 && this.status !== 403;
    return this.applied === "no" && (this.kind === "refused" || closed);
  }

  /** Refused because of the record, or because the portal lacks this one method: other methods are not affected. */
  get refusesCommand(): boolean {
    return this.refusesItem || this.code === "ERROR_METHOD_NOT_FOUND";
  }

  /** Certainly not executed, for a reason that passes. */
  get isUntried(): boolean {
    const { kind, applied, status } = this;
    const isBrief = kind === "halted" || kind === "held" || kind === "limit";
    return applied === "no" && (isBrief || (kind === "outage" && status === undefined));
  }

  /** The same failure with facts that became known later. */
  with(known: Partial<Pick<FailureFacts, "kind" | "status" | "retryAt" | "step" | "field" | "alone">>): Bitrix24Error {
    return new Bitrix24Error({ ...this, cause: this.cause, sentence: this.#sentence, ...known });
  }
}

/**
 * Whether the answer did not come from Bitrix24, or cannot be parsed: a firewall, a proxy, another site, a portal that
 * is in sleep mode.
 */
export const isPage = ({ kind, code }: Bitrix24Error): boolean =>
  kind === "outage" && (code === "BAD_ANSWER" || code.startsWith("HTTP_"));

const limitCodes = new Set(["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT"]);

/** Errors that affect every call: repeating them costs attempts and may look like an attack to the portal. */
const blockedCodes = new Set([
  "ACCESS_DENIED",
  "ALLOWED_ONLY_INTRANET_USER",
  "APPLICATION_NOT_FOUND",
  "AUTHORIZATION_ERROR",
  "ERROR_METHOD_NOT_FOUND",
  "ERROR_OAUTH",
  "EXPIRED_TOKEN",
  "INSUFFICIENT_SCOPE",
  "INVALID_CREDENTIALS",
  "INVALID_REQUEST",
  "INVALID_TOKEN",
  "METHOD_CONFIRM_DENIED",
  "METHOD_CONFIRM_WAITING",
  "NO_AUTH_FOUND",
  "OVERLOAD_LIMIT",
  "PAYMENT_REQUIRED",
  "PORTAL_DELETED",
  "USER_ACCESS_ERROR",
  "WRONG_AUTH_TYPE",
]);

/** The portal failed during its work: it may or may not have stored something. */
const brokenCodes = new Set(["INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", "ERROR_CORE"]);

/** Some methods return their sentence in place of the code, and a sentence may quote what a person typed. */
const isCode = (text: string) => /^[\w.:-]{1,64}$/.test(text);

/**
 * Classifies an answer with `error`. The code decides, ignoring case. The status decides only if the code is empty or
 * unknown, since the documentation changed the statuses and many codes are the empty string. A command inside a batch
 * has no status: it was answered itself, so an unknown error is a refusal.
 */
export function portalError(method: string, error: unknown, status?: number, description?: unknown): Bitrix24Error {
  const given = String(error ?? "");
  const code = isCode(given.toUpperCase()) ? given.toUpperCase() : "EMPTY_CODE";
  const sentence = [code === "EMPTY_CODE" ? given : "", typeof description === "string" ? description : ""]
    .join(" ")
    .trim();
  const facts = { code, method, status, sentence };
  if (limitCodes.has(code) || status === 429) return new Bitrix24Error({ ...facts, kind: "limit", applied: "no" });
  // A right that is missing for one call is missing for the next, under whatever code a new version returns it.
  if (blockedCodes.has(code) || status === 401 || status === 403)
    return new Bitrix24Error({ ...facts, kind: "blocked", applied: "no" });
  const serverFault = status !== undefined && status >= 500;
  if (serverFault) return new Bitrix24Error({ ...facts, kind: "outage", applied: "unknown" });
  if (brokenCodes.has(code)) return new Bitrix24Error({ ...facts, kind: "refused", applied: "unknown" });
  return new Bitrix24Error({ ...facts, kind: "refused", applied: "no" });
}

interface SocketError {
  code?: string;
  syscall?: string;
  message?: string;
  /** One for each tried address. */
  errors?: SocketError[];
}

/** Codes that occur only before the first byte of a request is sent. */
const unsentCodes = new Set([
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
]);

/** Certificates are checked before anything is sent. */
const certificateCode = /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Whether the request was certainly never sent. The code alone does not tell: a route may break, and TLS may fail,
 * after the request was sent too. A failure that is not known to come before counts as sent.
 */
function isUnsent({ code = "", syscall, message = "", errors = [] }: SocketError): boolean {
  if (errors.length > 0) return errors.every(isUnsent);
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (unsentCodes.has(code) || certificateCode.test(code)) return true;
  // The second pattern: a port that `fetch` refuses to use, such as the one that means "no portal configured".
  return /before secure TLS connection was established|^bad port$/.test(message);
}

/**
 * Classifies an exception of `fetch`: an aborted or timed-out request may have been executed, an unsent one was not.
 */
export function transportError(method: string, thrown: unknown): Bitrix24Error {
  const error = thrown as Error & { cause?: SocketError };
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return new Bitrix24Error({
      code: error.name === "TimeoutError" ? "TIMEOUT" : "ABORTED",
      kind: "outage",
      applied: "unknown",
      method,
    });
  const cause = error.cause ?? {};
  const unsent = isUnsent(cause);
  return new Bitrix24Error({
    code: unsent ? (cause.code ?? "NOT_SENT") : "CONNECTION_LOST",
    kind: "outage",
    applied: unsent ? "no" : "unknown",
    method,
    cause: thrown,
  });
}
