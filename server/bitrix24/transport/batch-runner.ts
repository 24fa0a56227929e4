import {
  batchParams,
  type Command,
  chargedMethods,
  halted,
  maxCommands,
  type Outcome,
  type PortalCommand,
} from "./batch";
import type { BatchSize } from "./batch-size";
import type { Bitrix24Client } from "./client";
import { Bitrix24Error } from "./error";
import type { RateLimit } from "./rate-limit";
import { isBatchSafe } from "./safe-text";

const notSent = (method: string, because: Bitrix24Error) =>
  new Bitrix24Error({
    code: because.code,
    kind: because.kind,
    applied: "no",
    method,
    // Else an ended plan would look like records that are closed, which have no status.
    status: because.status,
    retryAt: because.retryAt,
  });

/**
 * A refusal of a request with a single command concerns that command only, whether the portal or a firewall refused it.
 */
const concernsOne = ({ kind, applied, status, refusesItem }: Bitrix24Error, commands: PortalCommand[]): boolean =>
  kind === "refused" ||
  (commands.length === 1 && (refusesItem || (kind === "outage" && applied === "no" && status !== undefined)));

/**
 * The error of a request that was sent alone. A 403 `ACCESS_DENIED` says on some portals that the record is closed to the
 * webhook's owner, and on older ones that the portal's plan has ended. If the portal answers `profile`, the refusal is the
 * record's, and it is told without a status, as inside a batch.
 */
async function asToldInBatch(client: Bitrix24Client, error: unknown): Promise<unknown> {
  if (!(error instanceof Bitrix24Error) || error.code !== "ACCESS_DENIED" || error.status !== 403) return error;
  return (await client.answersProfile()) ? error.with({ status: undefined }) : error;
}

const isRefusal = (outcome: Outcome<unknown>): boolean =>
  !outcome.ok && (outcome.error.kind === "refused" || outcome.error.kind === "blocked");

const rank = ({ lenient }: PortalCommand): number => (lenient ? 1 : 0);

const isSingle = (command: PortalCommand): boolean => command.isolated === true || !isBatchSafe(command.params);

/** The values of all outcomes; throws the first failure. */
export const valuesOf = (outcomes: Outcome<unknown>[]): unknown[] =>
  outcomes.map((outcome) => {
    if (!outcome.ok) throw outcome.error;
    return outcome.value;
  });

interface Parts {
  client: Bitrix24Client;
  rateLimiter: RateLimit;
  size: BatchSize;
}

/** Sends many commands in as few requests as the portal's time, its limits and the texts allow. */
export class BatchRunner {
  readonly #parts: Parts;

  constructor(client: Bitrix24Client, rateLimiter: RateLimit, size: BatchSize) {
    this.#parts = { client, rateLimiter, size };
  }

  /**
   * For commands that need saved progress before and after each request. With `haltOnRefusal` no command of a kind is
   * executed after the first refused one: if the portal refuses every command, there is one refused write instead of
   * fifty. The remaining commands fail as `halted`.
   */
  start(commands: PortalCommand[], { haltOnRefusal = false }: { haltOnRefusal?: boolean } = {}): BatchRun {
    return new BatchRun(this.#parts, commands, haltOnRefusal);
  }

  /**
   * One outcome per command, in order. If a whole request fails, the later commands are not sent and fail with its code
   * and `applied: "no"`, so that a failing portal gets no more requests.
   */
  async send(commands: PortalCommand[]): Promise<Outcome<unknown>[]> {
    const run = this.start(commands);
    while (await run.next()) await run.send();
    return run.outcomes;
  }

  /** For reads: every command must succeed, or the first failure is thrown. */
  async read(commands: PortalCommand[]): Promise<unknown[]> {
    return valuesOf(await this.send(commands));
  }
}

interface Request {
  /** The positions of its commands in the whole list. */
  places: number[];
  commands: PortalCommand[];
  /** The riders that travel with these commands, by the positions of theirs. */
  riders: Map<number, Command>;
  /** The portal executes nothing after the first refused command. */
  halt: boolean;
  attempt: number;
}

const allOf = ({ commands, riders }: Pick<Request, "commands" | "riders">): Command[] => [
  ...commands,
  ...riders.values(),
];

/** A list of commands that is sent request by request: `next` waits until a request may leave, `send` sends it. */
export class BatchRun {
  /** One for each command, in order; complete once `next` has returned null. */
  readonly outcomes: Outcome<unknown>[];
  /** The outcomes of the riders that were sent, by the positions of their commands. */
  readonly riderOutcomes = new Map<number, Outcome<unknown>>();
  readonly #parts: Parts;
  readonly #commands: PortalCommand[];
  readonly #haltOnRefusal: boolean;
  readonly #waiting: number[];
  readonly #halts = new Set<string>();
  #stopped: Bitrix24Error | undefined;
  #request: Request | undefined;

  constructor(parts: Parts, commands: PortalCommand[], haltOnRefusal: boolean) {
    this.#parts = parts;
    this.#commands = commands;
    this.#haltOnRefusal = haltOnRefusal;
    this.outcomes = new Array(commands.length);
    this.#waiting = commands.map((_, place) => place).sort((a, b) => rank(this.#at(a)) - rank(this.#at(b)));
  }

  /**
   * Waits until the next request may leave, and returns the positions of its commands; null when nothing is left. A
   * request that may not leave fails, together with the later ones.
   */
  async next(): Promise<number[] | null> {
    for (;;) {
      this.#request ??= this.#plan();
      if (!this.#request) return null;
      const { places } = this.#request;
      const all = allOf(this.#request);
      try {
        await this.#parts.client.admit(all.length === 1 ? [this.#at(places[0]).method] : chargedMethods(all));
        return places;
      } catch (error) {
        this.#fail(this.#request, error);
      }
    }
  }

  /** The positions of those commands of the request that `next` returned whose riders travel with them. */
  riding(): number[] {
    return [...(this.#request?.riders.keys() ?? [])];
  }

  /**
   * Sends the request that `next` returned, and returns its outcomes. Null: the portal refused it as too fast and
   * certainly did not execute it; `next` returns it again.
   */
  async send(): Promise<Outcome<unknown>[] | null> {
    const request = this.#request;
    if (!request) throw new Error("nothing is to be sent: ask for the next request first");
    const { client } = this.#parts;
    const { halt } = request;
    const all = allOf(request);
    const [first] = all as [Command];
    try {
      if (all.length === 1) {
        const { result, seconds } = await client.exchange(first.method, first.params);
        return this.#settle(request, [{ ok: true, value: result, seconds }]);
      }
      const answer = await client.exchange("batch", batchParams(all, halt));
      return this.#settle(request, client.readBatch(all, answer, halt));
    } catch (error) {
      if (!(await client.waitOut(error, request.attempt)))
        return this.#fail(request, all.length === 1 ? await asToldInBatch(client, error) : error);
      request.attempt++;
      return null;
    }
  }

  #at(place: number | undefined): PortalCommand {
    return this.#commands[place as number] as PortalCommand;
  }

  /** The next request to send; commands that are no longer to be sent get their outcome here. */
  #plan(): Request | undefined {
    while (this.#waiting.length > 0) {
      const { places, riders } = this.#takePlaces();
      const commands = places.map((place) => this.#at(place));
      const { kind, lenient } = this.#at(places[0]);
      if (!this.#stopped && !this.#halts.has(kind))
        return { places, commands, riders, halt: this.#haltOnRefusal && !lenient, attempt: 1 };
      for (const place of places) {
        const { method } = this.#at(place);
        this.outcomes[place] = { ok: false, error: this.#stopped ? notSent(method, this.#stopped) : halted(method) };
      }
    }
    return undefined;
  }

  /** Removes the next request's positions from the list: one isolated command, or as many of one kind as fit. */
  #takePlaces(): Pick<Request, "places" | "riders"> {
    const first = this.#at(this.#waiting[0]);
    const riders: Request["riders"] = new Map();
    if (isSingle(first)) {
      const places = this.#waiting.splice(0, 1);
      const rider = this.#riderOf(first);
      if (rider) riders.set(places[0] as number, rider);
      return { places, riders };
    }
    const { size, rateLimiter } = this.#parts;
    const most = first.kind === "read" ? maxCommands : size.next(first.kind, rateLimiter.secondsLeft(first.method));
    const places: number[] = [];
    let free = most;
    for (let index = 0; index < this.#waiting.length && free > 0; ) {
      const place = this.#waiting[index] as number;
      const command = this.#at(place);
      const rider = this.#riderOf(command);
      const seats = rider ? 2 : 1;
      if (seats > free && places.length > 0) break;
      if (!isSingle(command) && command.kind === first.kind && rank(command) === rank(first)) {
        places.push(place);
        free -= seats;
        if (rider) riders.set(place, rider);
        this.#waiting.splice(index, 1);
      } else index++;
    }
    return { places, riders };
  }

  /** Undefined unless rider and command are batch-safe, and the portal still allows the rider's method. */
  #riderOf({ rider, params }: PortalCommand): Command | undefined {
    if (!rider?.wanted() || this.#parts.rateLimiter.blockedUntil([rider.method])) return undefined;
    return isBatchSafe(params) && isBatchSafe(rider.params) ? rider : undefined;
  }

  /** `answers`: of the commands, then of the riders. */
  #settle({ places, commands, riders, halt }: Request, answers: Outcome<unknown>[]): Outcome<unknown>[] {
    const outcomes = answers.slice(0, commands.length);
    for (const [index, place] of [...riders.keys()].entries())
      this.riderOutcomes.set(place, answers[commands.length + index] as Outcome<unknown>);
    this.#request = undefined;
    places.forEach((place, index) => {
      this.outcomes[place] = outcomes[index] as Outcome<unknown>;
    });
    const kind = commands[0]?.kind ?? "";
    if (kind !== "read") this.#measure(kind, outcomes);
    if (halt && outcomes.some(isRefusal)) this.#halts.add(kind);
    return outcomes;
  }

  #fail(request: Request, error: unknown): Outcome<unknown>[] {
    if (!(error instanceof Bitrix24Error)) throw error;
    const { commands } = request;
    if (error.applied === "unknown") this.#parts.size.lost(commands[0]?.kind ?? "", commands.length);
    if (!concernsOne(error, commands)) this.#stopped = error;
    const own = error.with({ alone: commands.length === 1 });
    return this.#settle(
      request,
      allOf(request).map(() => ({ ok: false, error: own })),
    );
  }

  /** Uses the portal's duration: our own clock would include the wait for the rate limit. */
  #measure(kind: string, outcomes: Outcome<unknown>[]): void {
    const seconds = outcomes.flatMap((outcome) =>
      outcome.ok && outcome.seconds !== undefined ? [outcome.seconds] : [],
    );
    if (seconds.length === 0) return;
    const sum = seconds.reduce((total, each) => total + each, 0);
    this.#parts.size.answered(kind, seconds.length, sum);
  }
}
