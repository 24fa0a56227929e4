import { type LookupAddress, lookup } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { isAllowedInside, isPublicAddress, urlProblem } from "./public-address";

export interface OutgoingMessage {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** WEBHOOK_INTERNAL_HOSTS */
  internalHosts: readonly string[];
  timeoutMs: number;
  /** How much of the answer is read, in bytes; left out: nothing, since a receiver of webhooks has nothing to say. */
  readAnswer?: number;
  /** How names are looked up; for tests. */
  resolve?: typeof lookup;
}

/** The receiver's status, or the code of what kept the message from it. */
export type Outcome =
  | { status: number; answer?: string; error?: undefined }
  | { status?: undefined; answer?: undefined; error: string };

const internal = "INTERNAL_ADDRESS";

/**
 * Posts a message once. Redirects are not followed: they would lead past the checks of the address. No more of the
 * answer's body is read than was asked for: a receiver could send without end.
 */
export function postMessage(message: OutgoingMessage): Promise<Outcome> {
  const { internalHosts, readAnswer = 0 } = message;
  const problem = urlProblem(message.url, { internalHosts });
  if (problem) return Promise.resolve({ error: problem === "internal" ? internal : `URL_${problem.toUpperCase()}` });
  const url = new URL(message.url);
  const isFree = isAllowedInside(url, { internalHosts });
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((done) => {
    const sent = request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(message.body),
        "user-agent": "front-desk-webhooks/1",
        ...message.headers,
      },
      // A connection of its own: a kept one would have been checked for another name.
      agent: false,
      signal: AbortSignal.timeout(message.timeoutMs),
      ...(isFree ? {} : { lookup: publicLookup(message.resolve ?? lookup) }),
    });
    sent.on("response", (response) => {
      const status = response.statusCode ?? 0;
      const end = (answer?: string) => {
        response.destroy();
        const isRedirect = status >= 300 && status < 400;
        done(isRedirect ? { error: "REDIRECT" } : { status, ...(answer === undefined ? {} : { answer }) });
      };
      if (readAnswer === 0) return end();
      const read: Buffer[] = [];
      let size = 0;
      const text = () => Buffer.concat(read).subarray(0, readAnswer).toString("utf8");
      response.on("data", (part: Buffer) => {
        read.push(part);
        size += part.length;
        if (size >= readAnswer) end(text());
      });
      // Also when the answer breaks off: its status has been received.
      response.on("error", () => end(text()));
      response.on("end", () => end(text()));
    });
    sent.on("error", (error) => done({ error: codeOf(error) }));
    // A change of protocol is no answer, and comes without an error.
    sent.on("upgrade", ({ statusCode: status = 0 }, socket) => {
      socket.destroy();
      done({ status });
    });
    // However the connection ends, the attempt ends with it.
    sent.on("close", () => done({ error: "FAILED" }));
    sent.end(message.body);
  });
}

const codeOf = (error: Error & { code?: unknown; cause?: unknown }): string =>
  error.name === "AbortError" || error.name === "TimeoutError" ? "TIMEOUT" : String(error.code ?? "FAILED");

/**
 * Looks a name up for the connection itself, so that what was checked is what is connected to: a name whose answer
 * changes between two look-ups gains nothing. If one of several addresses is inside, none is used.
 */
const publicLookup =
  (resolve: typeof lookup): LookupFunction =>
  (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new Error("no address"), [], undefined);
      if (!addresses.every(({ address }) => isPublicAddress(address)))
        return done(Object.assign(new Error(internal), { code: internal }), [], undefined);
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
