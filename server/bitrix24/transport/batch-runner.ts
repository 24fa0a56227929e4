import { type Command, halted, maxCommands, type Outcome } from "./batch";
import type { BatchSize } from "./batch-size";
import type { BeforeSend, Bitrix24Client } from "./client";
import { Bitrix24Error } from "./error";
import type { RateLimit } from "./rate-limit";
import { isBatchSafe } from "./safe-text";

export interface PortalCommand extends Command {
  /** Kind of work for the size estimate: a method's cost depends on what it creates. */
  kind: string;
  /** Travels by itself even if its text is harmless. */
  isolated?: boolean;
  /** A refusal of it says nothing of others: it halts none, and goes after those of which nothing is known. */
  lenient?: boolean;
}

export interface SendHooks {
  /** Directly before each request leaves, with the places of its commands. A throw keeps it from being sent. */
  before?: (places: number[]) => Promise<void>;
  /** After each request, with the outcomes at those places: here ids are saved. */
  after?: (places: number[], outcomes: Outcome<unknown>[]) => Promise<void>;
  /**
   * Nothing of a kind is carried out after the first command of it that is turned down: if the portal refuses everybody, it
   * is one refused write instead of fifty. Those left fail as `halted`.
   */
  haltOnRefusal?: boolean;
}

const notSent = (method: string, because: Bitrix24Error) =>
  new Bitrix24Error({ code: because.code, kind: because.kind, applied: "no", method, retryAt: because.retryAt });

/** A refusal of a call that travelled alone concerns its person only, be it the portal's or that of a firewall. */
const concernsOne = ({ kind, applied, status }: Bitrix24Error, commands: PortalCommand[]): boolean =>
  kind === "refused" || (commands.length === 1 && kind === "outage" && applied === "no" && status !== undefined);

const isRefusal = (outcome: Outcome<unknown>): boolean =>
  !outcome.ok && (outcome.error.kind === "refused" || outcome.error.kind === "blocked");

const rank = ({ lenient }: PortalCommand): number => (lenient ? 1 : 0);

/** Sends many commands in as few requests as the portal's time, its limits and the texts allow. */
export class BatchRunner {
  readonly #client: Bitrix24Client;
  readonly #rateLimiter: RateLimit;
  readonly #size: BatchSize;

  constructor(client: Bitrix24Client, rateLimiter: RateLimit, size: BatchSize) {
    this.#client = client;
    this.#rateLimiter = rateLimiter;
    this.#size = size;
  }

  /**
   * One outcome per command, in order. When a whole request fails, the commands after it are not sent and fail with its
   * code and `applied: "no"`: an ill portal is not to be asked on.
   */
  async send(commands: PortalCommand[], hooks: SendHooks = {}): Promise<Outcome<unknown>[]> {
    const outcomes: Outcome<unknown>[] = new Array(commands.length);
    const single = (command: PortalCommand) => command.isolated === true || !isBatchSafe(command.params);
    const at = (place: number) => commands[place] as PortalCommand;
    const waiting = commands.map((_, place) => place).sort((a, b) => rank(at(a)) - rank(at(b)));
    const halts = new Set<string>();
    let stopped: Bitrix24Error | undefined;
    while (waiting.length > 0) {
      const places = this.#nextRequest(waiting, commands, single);
      const first = at(places[0] as number);
      if (stopped || halts.has(first.kind)) {
        for (const place of places) {
          const { method } = at(place);
          outcomes[place] = { ok: false, error: stopped ? notSent(method, stopped) : halted(method) };
        }
        continue;
      }
      const { before } = hooks;
      const halt = hooks.haltOnRefusal === true && !first.lenient;
      const answered = await this.#request(places.map(at), before && (() => before(places)), halt);
      places.forEach((place, index) => {
        outcomes[place] = answered.outcomes[index] as Outcome<unknown>;
      });
      await hooks.after?.(places, answered.outcomes);
      stopped = answered.failure;
      if (halt && answered.outcomes.some(isRefusal)) halts.add(first.kind);
    }
    return outcomes;
  }

  /** Reads: every command must succeed, or the first failure is thrown. */
  async read(commands: PortalCommand[]): Promise<unknown[]> {
    return (await this.send(commands)).map((outcome) => {
      if (!outcome.ok) throw outcome.error;
      return outcome.value;
    });
  }

  /** Takes the next request's places off the list: one that must travel alone, or as many of a kind as fit. */
  #nextRequest(waiting: number[], commands: PortalCommand[], single: (command: PortalCommand) => boolean): number[] {
    const first = commands[waiting[0] as number] as PortalCommand;
    if (single(first)) return waiting.splice(0, 1);
    const size =
      first.kind === "read" ? maxCommands : this.#size.next(first.kind, this.#rateLimiter.secondsLeft(first.method));
    const places: number[] = [];
    for (let index = 0; index < waiting.length && places.length < size; ) {
      const place = waiting[index] as number;
      const command = commands[place] as PortalCommand;
      if (!single(command) && command.kind === first.kind && rank(command) === rank(first)) {
        places.push(place);
        waiting.splice(index, 1);
      } else index++;
    }
    return places;
  }

  async #request(
    commands: PortalCommand[],
    beforeSend: BeforeSend | undefined,
    halt: boolean,
  ): Promise<{ outcomes: Outcome<unknown>[]; failure?: Bitrix24Error }> {
    const kind = commands[0]?.kind ?? "";
    try {
      const outcomes =
        commands.length === 1
          ? [await this.#single(commands[0] as PortalCommand, beforeSend)]
          : await this.#client.batch(commands, beforeSend, { halt });
      if (kind !== "read") this.#measure(kind, outcomes);
      return { outcomes };
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      if (error.applied === "unknown") this.#size.lost(kind, commands.length);
      return {
        outcomes: commands.map(() => ({ ok: false, error })),
        ...(concernsOne(error, commands) ? {} : { failure: error }),
      };
    }
  }

  /** From what the portal says it took: our own clock would count the waiting for the pace as well. */
  #measure(kind: string, outcomes: Outcome<unknown>[]): void {
    const seconds = outcomes.flatMap((outcome) =>
      outcome.ok && outcome.seconds !== undefined ? [outcome.seconds] : [],
    );
    if (seconds.length > 0)
      this.#size.answered(
        kind,
        seconds.length,
        seconds.reduce((sum, each) => sum + each, 0),
      );
  }

  async #single({ method, params }: PortalCommand, beforeSend: BeforeSend | undefined): Promise<Outcome<unknown>> {
    const answer = await this.#client.call(method, params, beforeSend);
    return { ok: true, value: answer.result, seconds: answer.seconds };
  }
}
