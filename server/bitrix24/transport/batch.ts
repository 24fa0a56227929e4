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
  /** Seconds the portal spent; undefined where it does not tell. */
  seconds?: number | undefined;
}

/** What is sent together is planned by these. */
export interface PortalCommand extends Command {
  /** Kind of work for the size estimate: a method's cost depends on what it creates. */
  kind: string;
  /** Travels by itself even if its text is harmless. */
  isolated?: boolean;
  /** A refusal of it says nothing of others: it halts none, and goes after those of which nothing is known. */
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
 * The `batch` call for some commands, with named keys. Without `halt` one failed command stops no other; with it the portal
 * carries out nothing after the first that fails. Throws on more than 50 commands and on text with batch macros: both
 * are the caller's fault.
 */
export function batchParams(commands: Command[], halt = false): Record<string, unknown> {
  if (commands.length > maxCommands) throw new RangeError(`a batch holds ${maxCommands} commands at most`);
  if (!commands.every((command) => isBatchSafe(command.params)))
    throw new RangeError("text with batch macros must be sent by single calls");
  const cmd = Object.fromEntries(
    commands.map(({ method, params }, index) => [`c${index}`, `${method}?${encodeQuery(params)}`]),
  );
  return { halt: halt ? 1 : 0, cmd };
}

/** Whose execution time a batch is charged to. */
export const chargedMethods = (commands: Command[]): string[] => [
  ...new Set(commands.map((command) => command.method)),
  "batch",
];

type Maps = Record<"result" | "result_error" | "result_time", Record<string, unknown>>;

/** PHP writes an empty map as `[]`. */
const asMap = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Of a command that was not carried out, because one before it was turned down. */
export const halted = (method: string): Bitrix24Error =>
  new Bitrix24Error({ code: "HALTED", kind: "halted", applied: "no", method });

/**
 * One outcome per command, in order. A command that stands in no map is a failure of unknown effect: answers with an
 * empty inner result and no error have been met in the field. Only after a failure that halted the batch it was surely
 * not carried out.
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
    return {
      ok: false,
      error: new Bitrix24Error({ code: "MISSING_IN_BATCH", kind: "outage", applied: "unknown", method }),
    };
  });
}

/** Operating figures of the commands of a batch, method by method. */
export function batchTimes(commands: Command[], answer: Answer): { method: string; time: unknown }[] {
  const times = asMap(asMap(answer.result).result_time);
  return commands.map(({ method }, index) => ({ method, time: times[`c${index}`] }));
}
