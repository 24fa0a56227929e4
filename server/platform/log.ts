import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";
import { requestOf } from "./request-trace";

export type { Logger } from "pino";

/** The webhook's path holds its key; Bearer values and long hex strings are credentials too. */
const secretPatterns: [RegExp, string][] = [
  [/\/rest\/(api\/)?\d+\/[^/\s"']+/g, "/rest/…"],
  [/Bearer\s+[\w.~+/=-]+/gi, "Bearer …"],
  [/(postgres(?:ql)?|smtps?):\/\/[^\s"'@]*@/gi, "$1://…@"],
];

/** The one function that removes secrets from text: used for every error that is logged or stored. */
export function redact(text: string): string {
  return secretPatterns.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  const code = (error as { code?: unknown }).code;
  // Only fields known to be harmless: libraries attach requests, rows and parameters to their errors.
  return { type, message: redact(message), stack: redact(stack), ...(typeof code === "string" ? { code } : {}) };
}

/** Names whose values are personal. The fields of a person must be among them: see `server/person/fields.ts`. */
const personal = ["email", "phone", "firstName", "lastName", "company", "answers", "password"] as const;
export type RedactedName = (typeof personal)[number];

/**
 * JSON lines on stdout. Personal data is redacted: log ids instead. A line of a request, or about a person (`userId`) whose
 * job comes from one, bears that request's id.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: serializeError },
    mixin: (fields: { userId?: unknown }) => {
      const { requestId, traceparent } = requestOf(fields.userId);
      return {
        ...(requestId !== undefined && { requestId }),
        ...(traceparent !== undefined && { traceId: traceparent.split("-")[1] }),
      };
    },
    redact: {
      paths: personal.flatMap((name) => [name, `*.${name}`]),
      censor: "…",
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
