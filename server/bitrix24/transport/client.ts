import type { Logger } from "../../platform/log";
import {
  type Answer,
  batchOutcomes,
  batchParams,
  batchTimes,
  type Command,
  chargedMethods,
  type Outcome,
} from "./batch";
import { Bitrix24Error, portalError, transportError } from "./error";
import { renamedTarget } from "./portal-rename";
import type { RateLimit } from "./rate-limit";

export interface ClientOptions {
  /** `https://portal/rest/1/key/`: the address is the credential and never leaves this class. */
  webhookUrl: string;
  timeoutMs: number;
  rateLimiter: RateLimit;
  log: Logger;
  /** Told of each answer to a method, for comparing what portals say. */
  observe?: (method: string, outcome: Outcome<unknown>) => void;
  /** Asked before each request that writes; throws while it is open whether this is the portal that it was. */
  assertPortal?: () => Promise<void>;
  /** Asked before each request; throws when this process may no longer speak to the portal. */
  assertLeader?: () => Promise<void>;
  /** Ends requests in flight, for example when the leader lock is lost. */
  signal?: () => AbortSignal | undefined;
}

/** Tries of a call that was surely not executed because it came too fast. */
const limitTries = 4;

/**
 * One HTTP request to the portal, and nothing beyond: the rate limit before, a classified error or the answer after.
 * Only refusals for speed are repeated here; everything else is for the queue, which looks before it acts.
 */
export class Bitrix24Client {
  readonly #options: ClientOptions;
  #base: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#base = options.webhookUrl;
  }

  /** Whether the portal has sent us to another address than the one that was set. */
  get redirected(): boolean {
    return this.#base !== this.#options.webhookUrl;
  }

  /** The portal's host, for links to its cards. */
  get host(): string {
    return new URL(this.#base).origin;
  }

  /** Calls one method. Throws Bitrix24Error; `applied` says whether it may have taken effect. */
  async call(method: string, params: Record<string, unknown> = {}, charged: string[] = [method]): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      await this.admit(charged);
      try {
        return await this.exchange(method, params);
      } catch (error) {
        if (!(await this.waitOut(error, attempt))) throw error;
      }
    }
  }

  /** Up to 50 commands in one request, each with its own outcome. Throws Bitrix24Error if the request itself failed. */
  async batch(commands: Command[]): Promise<Outcome<unknown>[]> {
    return this.readBatch(commands, await this.call("batch", batchParams(commands), chargedMethods(commands)));
  }

  /** The outcomes of a batch that was sent. With `halt` the portal carried out nothing after the first that failed. */
  readBatch(commands: Command[], answer: Answer, halt = false): Outcome<unknown>[] {
    for (const { method, time } of batchTimes(commands, answer)) this.#options.rateLimiter.report(method, time);
    return batchOutcomes(commands, answer, halt).map((outcome, place) => {
      const told: Outcome<unknown> = outcome.ok ? outcome : { ok: false, error: this.#timed(outcome.error) };
      this.#options.observe?.(commands[place]?.method ?? "batch", told);
      return told;
    });
  }

  /** A refusal for execution time with the time it ends, so that no request is wasted on asking. */
  #timed(error: Bitrix24Error): Bitrix24Error {
    if (error.code !== "OPERATION_TIME_LIMIT") return error;
    return error.with({ retryAt: this.#options.rateLimiter.refused(error.method) });
  }

  /**
   * Waits until a request that is charged to these methods may leave. What is to be noted before it leaves is noted after
   * this wait, which may be long. Throws Bitrix24Error if one of the methods has no execution time left.
   */
  async admit(charged: string[]): Promise<void> {
    const { rateLimiter, assertLeader, assertPortal } = this.#options;
    if (charged.some(isWrite)) await assertPortal?.();
    const retryAt = rateLimiter.blockedUntil(charged);
    const method = charged.at(-1) ?? "batch";
    if (retryAt)
      throw new Bitrix24Error({ code: "OPERATION_TIME_LIMIT", kind: "limit", applied: "no", method, retryAt });
    await rateLimiter.take();
    await assertLeader?.();
  }

  /** Waits after a refusal for speed, so that the request may be admitted once more; false for one that is to fail. */
  async waitOut(error: unknown, attempt: number): Promise<boolean> {
    const isTooFast = error instanceof Bitrix24Error && error.code === "QUERY_LIMIT_EXCEEDED";
    if (!isTooFast || attempt >= limitTries) return false;
    // Something else on this address empties the same bucket: leave it time to drain.
    await this.#options.rateLimiter.penalize(2 ** attempt);
    return true;
  }

  /** Sends one request that was admitted. Throws Bitrix24Error. */
  async exchange(method: string, params: Record<string, unknown>): Promise<Answer> {
    const { assertLeader, timeoutMs, rateLimiter } = this.#options;
    // Again, with nothing to wait for between it and the request: a process that was frozen meanwhile must not send.
    await assertLeader?.();
    const started = performance.now();
    const end = endOf(timeoutMs, this.#options.signal?.());
    const request: RequestInit = {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(params),
      // A POST that follows a redirect by itself becomes a GET without its body.
      redirect: "manual",
      signal: end.signal,
    };
    try {
      for (let renamed = false; ; renamed = true) {
        const response = await fetch(`${this.#base}${method}`, request).catch((thrown: unknown) => {
          throw transportError(method, thrown);
        });
        if (!isRedirect(response)) {
          const { time, ...answer } = await readResponse(method, response);
          rateLimiter.report(method, time);
          const seconds = answer.seconds ?? (performance.now() - started) / 1000;
          if (method !== "batch") this.#options.observe?.(method, { ok: true, value: answer.result, seconds });
          return { ...answer, seconds };
        }
        // Renamed once is renamed; a portal that points on and on is none.
        if (renamed) throw redirectRefused(method, response.status);
        this.#base = this.#renamed(method, response);
      }
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      const told = this.#timed(error);
      this.#options.observe?.(method, { ok: false, error: told });
      throw told;
    } finally {
      end.clear();
    }
  }

  /** The new address of a portal that was renamed. Throws Bitrix24Error if the redirect is no rename. */
  #renamed(method: string, response: Response): string {
    const target = renamedTarget(`${this.#base}${method}`, response.headers.get("location"));
    if (!target) throw redirectRefused(method, response.status);
    this.#options.log.warn({ host: new URL(target).host }, "the portal was renamed: set BITRIX24_WEBHOOK_URL");
    return target.slice(0, -method.length);
  }
}

async function readResponse(method: string, response: Response): Promise<Answer & { time: unknown }> {
  let body: unknown;
  try {
    body = JSON.parse(await readText(response));
  } catch (error) {
    // A page that does not end in time is as good as one that has.
    const isHtml = /html/i.test(response.headers.get("content-type") ?? "");
    const isUnreadable = error instanceof SyntaxError || (isHtml && (error as Error).name === "TimeoutError");
    throw isUnreadable ? unreadable(method, response.status) : transportError(method, error);
  }
  if (typeof body !== "object" || body === null) throw unreadable(method, response.status);
  // By presence, never by truth: the code of many errors is the empty string.
  if ("error" in body)
    throw portalError(
      method,
      body.error,
      response.status,
      "error_description" in body ? body.error_description : undefined,
    );
  if (!("result" in body)) throw unreadable(method, response.status);
  const { result, total, next, time } = body as Record<string, unknown>;
  const seconds = Number((time as { duration?: unknown } | undefined)?.duration);
  return {
    result,
    time,
    total: typeof total === "number" ? total : undefined,
    next: typeof next === "number" ? next : undefined,
    seconds: Number.isFinite(seconds) ? seconds : undefined,
  };
}

/** By the last word of its name; what is not known to read counts as a write. */
const isWrite = (method: string): boolean =>
  !/\.(get|list|fields|findbycomm|current|time)$|^(profile|scope|methods?|batch|app\.info)$/i.test(method);

/** Far more than fifty full pages of the portal's lists: what sends more is no portal, and would fill the memory. */
const longestBody = 64 * 1024 * 1024;

/** Throws SyntaxError for a body that is too long to be an answer. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    chunks.push(part.value);
    if (length <= longestBody) continue;
    await reader?.cancel();
    throw new SyntaxError("longer than any answer");
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/**
 * A request's end: after so long, or with the leader lock. Made by hand, since AbortSignal.any leaves something of each
 * request behind for as long as the leader lock is held, which may be months.
 */
function endOf(ms: number, leaderLock: AbortSignal | undefined): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("no answer in time", "TimeoutError")), ms);
  const onLost = () => controller.abort(leaderLock?.reason);
  leaderLock?.addEventListener("abort", onLost, { once: true });
  if (leaderLock?.aborted) onLost();
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      leaderLock?.removeEventListener("abort", onLost);
    },
  };
}

const isRedirect = ({ status }: Response): boolean => status >= 300 && status < 400;

const redirectRefused = (method: string, status: number): Bitrix24Error =>
  new Bitrix24Error({ code: "REDIRECT_REFUSED", kind: "blocked", applied: "no", method, status });

/** HTML, an empty or a cut body. A 4xx came from before the portal's code; anything else may follow its work. */
function unreadable(method: string, status: number): Bitrix24Error {
  const turnedAway = status >= 400 && status < 500 && status !== 408;
  return new Bitrix24Error({
    code: status >= 400 ? `HTTP_${status}` : "BAD_ANSWER",
    // A proxy's 503 is an outage like its 502: waiting a second for it would be polling.
    kind: status === 429 ? "limit" : "outage",
    applied: turnedAway ? "no" : "unknown",
    method,
    status,
  });
}
