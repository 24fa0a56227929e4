import { Bitrix24Error, portalError } from "./error";
import { isBatchSafe } from "./safe-text";

export interface Command {
  method: string;
  params: Record<string, unknown>;
}

export interface Answer {
  result: unknown;
  total?: number | undefined;
  next?: number | undefined;
  /** Seconds that the portal spent; undefined if it does not tell. */
  seconds?: number | undefined;
}

/** A command that travels in another command's request, as long as it is wanted when the request is planned. */
export interface Rider extends Command {
  wanted: () => boolean;
}

/** A command with the properties by which requests are planned. */
export interface PortalCommand extends Command {
  /** The group for size estimates: the cost of a method depends on what it creates. */
  kind: string;
  /** Sent in a request of its own, even if it is batch-safe. */
  isolated?: boolean;
  /**
   * Travels in the same request, after all commands of the request, if it may: its outcome neither changes theirs nor
   * stops anything.
   */
  rider?: Rider | undefined;
  /** A refusal of this command says nothing about others: it halts none, and the command is sent after the others. */
  lenient?: boolean;
}

export type Outcome<T> = { ok: true; value: T; seconds?: number | undefined } | { ok: false; error: Bitrix24Error };

/** The portal refuses the 51st command. */
export const maxCommands = 50;

/** PHP's bracket notation, encoded once; inside a batch every leaf arrives as a string. */
export function encodeQuery(params: Record<string, unknown>): string {
  const pairs: string[] = [];
  const walk = (key: string, value: unknown): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(`${key}[${index}]`, item);
    else if (value && typeof value === "object")
      for (const [inner, item] of Object.entries(value)) walk(`${key}[${inner}]`, item);
    else pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(value === null ? "" : String(value))}`);
  };
  for (const [key, value] of Object.entries(params)) walk(key, value);
  return pairs.join("&");
}

/**
 * The `batch` call for some commands, with named keys. Without `halt` a failed command stops no other; with it the
 * portal executes nothing after the first failed one. Throws on more than 50 commands and on what a batch cannot carry:
 * both are programming errors.
 */
export function batchParams(commands: Command[], halt = false): Record<string, unknown> {
  if (commands.length > maxCommands) throw new RangeError(`a batch holds ${maxCommands} commands at most`);
  if (!commands.every((command) => isBatchSafe(command.params)))
    throw new RangeError("batch macros and empty lists must be sent by single calls");
  const cmd = Object.fromEntries(
    commands.map(({ method, params }, index) => [`c${index}`, `${method}?${encodeQuery(params)}`]),
  );
  return { halt: halt ? 1 : 0, cmd };
}

/** The methods to which a batch's execution time is charged. */
export const chargedMethods = (commands: Command[]): string[] => [
  ...new Set(commands.map((command) => command.method)),
  "batch",
];

type Maps = Record<"result" | "result_error" | "result_time", Record<string, unknown>>;

/** PHP writes an empty map as `[]`. */
const asMap = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** For a command that was not executed, because an earlier one was refused. */
export const halted = (method: string): Bitrix24Error =>
  new Bitrix24Error({ code: "HALTED", kind: "halted", applied: "no", method });

/** The code of a command of which a batch's answer tells nothing. */
export const missingInBatch = "MISSING_IN_BATCH";

/**
 * One outcome per command, in order. A command without a result and without an error has an unknown effect: portals
 * have returned empty results without an error. Several of them share one error, since the answer as a whole is at fault.
 * Only after a failure that halted the batch it was certainly not executed.
 */
export function batchOutcomes(commands: Command[], answer: Answer, halt = false): Outcome<unknown>[] {
  const inner = asMap(answer.result);
  const maps: Maps = {
    result: asMap(inner.result),
    result_error: asMap(inner.result_error),
    result_time: asMap(inner.result_time),
  };
  const average = answer.seconds === undefined ? undefined : answer.seconds / Math.max(1, commands.length);
  let isHalted = false;
  const missing = new Map<string, Bitrix24Error>();
  return commands.map(({ method }, index) => {
    const key = `c${index}`;
    if (key in maps.result_error) {
      isHalted = halt;
      const { error, error_description } = asMap(maps.result_error[key]);
      return { ok: false, error: portalError(method, error, undefined, error_description) };
    }
    if (key in maps.result) {
      const seconds = Number(asMap(maps.result_time[key]).duration);
      return { ok: true, value: maps.result[key], seconds: Number.isFinite(seconds) ? seconds : average };
    }
    if (isHalted) return { ok: false, error: halted(method) };
    const error =
      missing.get(method) ?? new Bitrix24Error({ code: missingInBatch, kind: "outage", applied: "unknown", method });
    missing.set(method, error);
    return { ok: false, error };
  });
}

/** Execution times of the commands of a batch, by method. */
export function batchTimes(commands: Command[], answer: Answer): { method: string; time: unknown }[] {
  const times = asMap(asMap(answer.result).result_time);
  return commands.map(({ method }, index) => ({ method, time: times[`c${index}`] }));
}
