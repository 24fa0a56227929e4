import { type Command, readCommands } from "./protocol/batch";
import type { Call } from "./protocol/call";
import { PortalError, type SystemErrorName, systemError } from "./protocol/errors";
import type { Random } from "./random";
import type { Settings } from "./settings";

/** Faults that answer with an error and do nothing. They can hit a whole request or one command of a batch. */
const refusals = {
  limit: "limit",
  "500": "internal",
  badCredentials: "badCredentials",
  plan: "plan",
  overload: "overload",
  deleted: "deleted",
  insufficientScope: "insufficientScope",
  expired: "expired",
  operating: "operating",
  command: undefined,
} as const satisfies Record<string, SystemErrorName | undefined>;

type RefusalKind = keyof typeof refusals;

/** Faults of the connection or of what stands before the portal. They always hit the whole request. */
const disruptionKinds = [
  "500html",
  "502",
  "html",
  "firewall",
  "wrongPath",
  "asleep",
  "emptyBatch",
  "hang",
  "late",
  "slow",
  "dropBefore",
  "dropAfter",
  "cutJson",
  "redirect",
] as const;

type DisruptionKind = (typeof disruptionKinds)[number];
export type FaultKind = RefusalKind | DisruptionKind;

export function isFaultKind(kind: unknown): kind is FaultKind {
  return (
    typeof kind === "string" && (Object.hasOwn(refusals, kind) || (disruptionKinds as readonly string[]).includes(kind))
  );
}

export interface FaultRule {
  kind: FaultKind;
  /** `batch` means the request itself, another name a direct call or a command inside a batch; absent: every request. */
  method?: string;
  /** Not before there is a new `contact` or `deal`, or before a method was carried out, since the fault was planned. */
  once?: string;
  /** How often it strikes; absent: until it is removed. */
  times?: number;
  /** Chance of striking, 0 to 1; absent: always. */
  probability?: number;
  /** Delay of `slow`, and of the execution that `late` hides. */
  afterMs?: number;
  /** Only calls whose parameters contain this text (in JSON), or that satisfy the function. */
  match?: string | ((call: Call) => boolean);
  /** Of `html` and `asleep`: the status of the page, else 200 and 503. */
  status?: number;
  /** Of pages and `emptyBatch`: whether the request was carried out all the same. */
  executed?: boolean;
  /** Of `command`: the error's code and text. */
  code?: string | number;
  text?: string;
  /** Of `redirect`: the origin to go to; absent: the same server by another of its names. */
  location?: string;
}

export interface Disruption extends FaultRule {
  kind: DisruptionKind;
}

/** A rule as it is planned: how often it still strikes, and how far the portal had come when it was made. */
interface PlannedFault {
  rule: FaultRule;
  left: number;
  from: number;
}

/** The planned faults. With one seed and one sequence of requests they strike at the same places. */
export class Faults {
  readonly #rules: PlannedFault[] = [];
  readonly #random: Random;
  readonly #settings: Settings;
  readonly #reached: (name: string) => number;

  /** @param reached how far the portal has come with a method, or with contacts or deals: a number that only grows */
  constructor(random: Random, settings: Settings, reached: (name: string) => number) {
    this.#random = random;
    this.#settings = settings;
    this.#reached = reached;
  }

  /** Returns a function that takes the rule back. */
  add(rule: FaultRule): () => void {
    const entry = {
      rule,
      left: rule.times ?? Number.POSITIVE_INFINITY,
      from: rule.once === undefined ? 0 : this.#reached(rule.once),
    };
    this.#rules.push(entry);
    return () => {
      const index = this.#rules.indexOf(entry);
      if (index >= 0) this.#rules.splice(index, 1);
    };
  }

  /** Those that have not come to their end, for `clear` to spare. */
  get planned(): ReadonlySet<PlannedFault> {
    return new Set(this.#rules);
  }

  clear(spared: ReadonlySet<PlannedFault> = new Set()): void {
    const kept = this.#rules.filter((entry) => spared.has(entry));
    this.#rules.splice(0, this.#rules.length, ...kept);
  }

  list(): (FaultRule & { left: number | null })[] {
    return this.#rules.map(({ rule, left }) => ({ ...rule, left: Number.isFinite(left) ? left : null }));
  }

  /** The disruption planned for this request, if any. */
  disruption(call: Call): Disruption | undefined {
    const commands = call.method === "batch" ? readCommands(call.params) : [];
    const rule = this.#strike((candidate) => isDisruption(candidate) && concerns(candidate, call, commands));
    return rule && isDisruption(rule) ? rule : undefined;
  }

  /** The error that replaces this request's answer, if any. */
  refusal(call: Call): PortalError | undefined {
    const rule = this.#strike((candidate) => {
      if (isDisruption(candidate)) return false;
      if (candidate.kind === "command" && call.method === "batch" && candidate.method !== "batch") return false;
      return concerns(candidate, call, []);
    });
    return rule && this.#errorOf(rule);
  }

  /** The error that takes the place of one command of a batch. A rule without a method means requests, except `command`. */
  commandRefusal(command: Call): PortalError | undefined {
    const rule = this.#strike((candidate) => {
      if (isDisruption(candidate) || (candidate.method === undefined && candidate.kind !== "command")) return false;
      return concerns(candidate, command, []);
    });
    return rule && this.#errorOf(rule);
  }

  #strike(concerned: (rule: FaultRule) => boolean): FaultRule | undefined {
    for (const entry of this.#rules) {
      if (entry.left <= 0 || !concerned(entry.rule)) continue;
      if (entry.rule.once !== undefined && this.#reached(entry.rule.once) <= entry.from) continue;
      if (entry.rule.probability !== undefined && !this.#random.chance(entry.rule.probability)) continue;
      if (--entry.left <= 0) this.#rules.splice(this.#rules.indexOf(entry), 1);
      return entry.rule;
    }
    return undefined;
  }

  #errorOf({ kind, code, text }: FaultRule): PortalError {
    const name = refusals[kind as RefusalKind];
    if (name) return systemError(name, this.#settings);
    return new PortalError(code ?? "ERROR_CORE", text ?? "Internal error");
  }
}

function isDisruption(rule: FaultRule): rule is Disruption {
  return (disruptionKinds as readonly string[]).includes(rule.kind);
}

function concerns({ method, match }: FaultRule, call: Call, commands: Command[]): boolean {
  const targets = [call, ...commands].filter(
    (target) => method === undefined || target.method === method.toLowerCase(),
  );
  if (match === undefined) return targets.length > 0;
  return targets.some((target) =>
    typeof match === "function" ? match(target) : JSON.stringify(target.params).includes(match),
  );
}
