import type { Env } from "./env";
import type { Logger } from "./log";
import { inRequest, presentTraces, requestOf } from "./request-trace";

/** Ids, codes, methods and counts. Never personal data, a query or the portal's address. */
export type SpanFacts = Record<string, string | number | boolean>;

/** A piece of work with its beginning and end, as the receiver of traces shows it. */
export interface Span {
  /** For what is done inside it; undefined while no traces are exported. */
  readonly traceparent: string | undefined;
  note(facts: SpanFacts): void;
  /** Gives it another name, known only once the work is done. */
  rename(name: string): void;
  /** `code`: why it failed. */
  fail(code: string): void;
  end(): void;
}

export type SpanKind = "internal" | "server" | "client" | "consumer";

export interface SpanStart {
  kind?: SpanKind;
  /** The traces that it belongs to: the first one is its own, the others are linked. */
  traces?: string[];
  facts?: SpanFacts;
  /** Milliseconds since 1970, if it began before now. */
  startedAt?: number;
}

export interface Tracer {
  start(name: string, options: SpanStart): Span;
  stop(): Promise<void>;
}

const noSpan: Span = { traceparent: undefined, note() {}, rename() {}, fail() {}, end() {} };

/** One for the process, like its counters. */
let tracer: Tracer | undefined;

const isWanted = (env: Env): boolean =>
  env.OTEL_SDK_DISABLED !== "true" &&
  env.OTEL_TRACES_EXPORTER !== "none" &&
  (env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined;

/** Exports traces if the environment names a receiver. Only then the library is loaded. Returns what ends it. */
export async function startTracing(env: Env, log: Logger): Promise<() => Promise<void>> {
  if (!isWanted(env)) return async () => {};
  const { createTracer } = await import("./otlp");
  const started = createTracer(env, log);
  tracer = started;
  return async () => {
    tracer = undefined;
    await started.stop();
  };
}

/** A part of the present work, unless other traces are named. The caller ends it. */
export function startSpan(name: string, { traces = presentTraces(), ...options }: SpanStart = {}): Span {
  return tracer ? tracer.start(name, { traces, ...options }) : noSpan;
}

/** Carries out a part of a request, which the jobs made inside it go on from. */
export async function inSpan<T>(name: string, carryOut: () => Promise<T>): Promise<T> {
  if (!tracer) return carryOut();
  const span = startSpan(name);
  try {
    return await inRequest({ ...requestOf(undefined), traceparent: span.traceparent }, carryOut);
  } catch (error) {
    span.fail(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Never the message, which may repeat what a person typed. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(typeof code === "string" ? code : (name ?? "Error"));
}
