import type { Logger } from "../../platform/log";
import { startSpan } from "../../platform/tracing";
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
  /** `https://portal/rest/1/key/`: the URL is the credential and never leaves this class. */
  webhookUrl: string;
  timeoutMs: number;
  rateLimiter: RateLimit;
  log: Logger;
  /** Called with each answer, for comparing portals. */
  observe?: (method: string, outcome: Outcome<unknown>) => void;
  /** Called before each request that writes; throws unless the portal is known to be the same. */
  assertPortal?: () => Promise<void>;
  /** Called before each request; throws if this process is no longer the leader. */
  assertLeader?: () => Promise<void>;
  /** Ends requests in flight, for example when the leader lock is lost. */
  signal?: () => AbortSignal | undefined;
}

/** Attempts for a call that was refused as too fast and so certainly not executed. */
const limitTries = 4;

/**
 * Sends one HTTP request to the portal: waits for the rate limit, then returns the answer or throws a classified error.
 * Only refusals as too fast are repeated here; all other failures go to the queue, which looks up the records before it
 * writes again.
 */
export class Bitrix24Client {
  readonly #options: ClientOptions;
  #base: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#base = options.webhookUrl;
  }

  /** Whether the portal redirected us to another address than the configured one. */
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

  /**
   * Whether the portal answers `profile`, which needs no right and no record: then neither the portal nor the webhook fails,
   * and a refusal is that of one command.
   */
  async answersProfile(): Promise<boolean> {
    try {
      await this.call("profile");
      return true;
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      return false;
    }
  }

  /** Up to 50 commands in one request, with an outcome each. Throws Bitrix24Error if the request itself failed. */
  async batch(commands: Command[]): Promise<Outcome<unknown>[]> {
    return this.readBatch(commands, await this.call("batch", batchParams(commands), chargedMethods(commands)));
  }

  /** The outcomes of a batch that was sent. With `halt` the portal executed nothing after the first failed command. */
  readBatch(commands: Command[], answer: Answer, halt = false): Outcome<unknown>[] {
    for (const { method, time } of batchTimes(commands, answer)) this.#options.rateLimiter.report(method, time);
    return batchOutcomes(commands, answer, halt).map((outcome, place) => {
      const told: Outcome<unknown> = outcome.ok ? outcome : { ok: false, error: this.#timed(outcome.error) };
      this.#options.observe?.(commands[place]?.method ?? "batch", told);
      return told;
    });
  }

  /** Adds to a refusal for execution time when it ends, so that no request is wasted on trying. */
  #timed(error: Bitrix24Error): Bitrix24Error {
    if (error.code !== "OPERATION_TIME_LIMIT") return error;
    return error.with({ retryAt: this.#options.rateLimiter.refused(error.method) });
  }

  /**
   * Waits until a request that is charged to these methods may leave. The wait may be long, so callers save their
   * in-flight markers after it. Throws Bitrix24Error if one of the methods has no execution time left.
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

  /** Waits after a refusal as too fast, so that the request may be admitted again; false if the request is to fail. */
  async waitOut(error: unknown, attempt: number): Promise<boolean> {
    const isTooFast = error instanceof Bitrix24Error && error.code === "QUERY_LIMIT_EXCEEDED";
    if (!isTooFast || attempt >= limitTries) return false;
    // Another program on this address uses the same bucket: leave it time to drain.
    await this.#options.rateLimiter.penalize(2 ** attempt);
    return true;
  }

  /** Sends one admitted request. Throws Bitrix24Error. */
  async exchange(method: string, params: Record<string, unknown>): Promise<Answer> {
    const { assertLeader, timeoutMs, rateLimiter } = this.#options;
    // Checked again directly before the request: a process that was frozen during the wait must not send.
    await assertLeader?.();
    const started = performance.now();
    const end = endOf(timeoutMs, this.#options.signal?.());
    // Without the address: its path is the credential.
    const span = startSpan(`Bitrix24 ${method}`, {
      kind: "client",
      facts: {
        "http.request.method": "POST",
        "server.address": new URL(this.#base).hostname,
        "bitrix24.method": method,
      },
    });
    const request: RequestInit = {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(params),
      // A POST that follows a redirect automatically becomes a GET without its body.
      redirect: "manual",
      signal: end.signal,
    };
    try {
      for (let renamed = false; ; renamed = true) {
        const response = await fetch(`${this.#base}${method}`, request).catch((thrown: unknown) => {
          throw transportError(method, thrown);
        });
        span.note({ "http.response.status_code": response.status });
        if (!isRedirect(response)) {
          const { time, ...answer } = await readResponse(method, response);
          rateLimiter.report(method, time);
          const seconds = answer.seconds ?? (performance.now() - started) / 1000;
          if (method !== "batch") this.#options.observe?.(method, { ok: true, value: answer.result, seconds });
          return { ...answer, seconds };
        }
        // One redirect is a rename; repeated redirects are an error.
        if (renamed) throw redirectRefused(method, response.status);
        this.#base = this.#renamed(method, response);
      }
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      const told = this.#timed(error);
      span.fail(told.code);
      this.#options.observe?.(method, { ok: false, error: told });
      throw told;
    } finally {
      span.end();
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
    // The start of an HTML page is enough to classify it, even if its end never arrives.
    const isHtml = /html/i.test(response.headers.get("content-type") ?? "");
    const isUnreadable = error instanceof SyntaxError || (isHtml && (error as Error).name === "TimeoutError");
    throw isUnreadable ? unreadable(method, response.status) : transportError(method, error);
  }
  if (typeof body !== "object" || body === null) throw unreadable(method, response.status);
  // By presence, not by truthiness: many errors have an empty string as code.
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

/** Decided by the last word of the method's name; unknown words count as writes. */
const isWrite = (method: string): boolean =>
  !/\.(get|list|fields|findbycomm|current|time)$|^(profile|scope|methods?|batch|app\.info)$/i.test(method);

/**
 * Far more than fifty full pages of the portal's lists: a longer body is no portal's answer, and would fill the memory.
 */
const longestBody = 64 * 1024 * 1024;

/** Throws SyntaxError for a body that is too long. */
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
 * Ends a request after a time, or when the leader lock is lost. Written by hand, since AbortSignal.any keeps memory of
 * each request for as long as the leader lock is held, which may be months.
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

/**
 * HTML, an empty or a truncated body. A 4xx came from before the portal's code; any other status may follow its work.
 */
function unreadable(method: string, status: number): Bitrix24Error {
  const turnedAway = status >= 400 && status < 500 && status !== 408;
  return new Bitrix24Error({
    code: status >= 400 ? `HTTP_${status}` : "BAD_ANSWER",
    // A proxy's 503 is an outage like its 502: retrying it after a second would be polling.
    kind: status === 429 ? "limit" : "outage",
    applied: turnedAway ? "no" : "unknown",
    method,
    status,
  });
}
