import { setTimeout as wait } from "node:timers/promises";
import type { Disruption } from "./faults";
import { htmlResponse, jsonResponse } from "./protocol/envelope";
import { asMap, type Value } from "./protocol/values";

/** The connection was torn down. Shaped as `fetch` reports it, so that callers without a socket see the same. */
export class ConnectionLost extends TypeError {
  constructor() {
    super("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
  }
}

/** Answers of what is in front of the portal: proxies, firewalls, the host of closed or sleeping portals. */
const pages = {
  "500html": { title: "500 Internal Server Error", status: 500 },
  "502": { title: "502 Bad Gateway", status: 502 },
  html: { title: "Bitrix24", status: 200 },
  firewall: { title: "403 Forbidden", status: 403 },
  wrongPath: { title: "404 Not Found", status: 404 },
  asleep: { title: "Bitrix24 is waking up", status: 503 },
};

/** Applies a planned fault to a request. `answer` executes the request, and is not called if the fault comes before. */
export async function disrupt(rule: Disruption, request: Request, answer: () => Promise<Response>): Promise<Response> {
  const { kind } = rule;
  switch (kind) {
    case "hang":
      return silence(request);
    case "late":
      setTimeout(() => void answer(), rule.afterMs ?? 0).unref();
      return silence(request);
    case "slow":
      await wait(rule.afterMs ?? 0);
      return answer();
    case "dropBefore":
      throw new ConnectionLost();
    case "dropAfter":
      await answer();
      throw new ConnectionLost();
    case "cutJson":
      return cut(await answer());
    case "redirect":
      return redirect(rule, request, answer);
    case "emptyBatch":
      return emptied(rule.executed ? await answer() : undefined);
    default:
      if (rule.executed) await answer();
      return htmlResponse(pages[kind].title, rule.status ?? pages[kind].status);
  }
}

/** Never answers; ends when the client gives up. */
function silence({ signal }: Request): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Announces the whole length, sends half of it, and breaks off. */
async function cut(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  const chunks = [half];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.error(new ConnectionLost());
    },
  });
  const headers = new Headers(response.headers);
  headers.set("content-length", String(bytes.length));
  return new Response(body, { status: response.status, headers });
}

/** A renamed portal: the old name only points to the new one, which works. */
function redirect({ location }: Disruption, request: Request, answer: () => Promise<Response>): Promise<Response> {
  const url = new URL(request.url);
  const { origin } = location ? new URL(location) : renamed(url);
  return origin === url.origin ? answer() : Promise.resolve(pointTo(origin, request));
}

/** The answer of a name that the portal no longer has. */
export function pointTo(origin: string, request: Request): Response {
  const { pathname, search } = new URL(request.url);
  return new Response(null, { status: 302, headers: { location: origin + pathname + search } });
}

/** Another name for the same server. */
function renamed(url: URL): URL {
  const target = new URL(url);
  if (url.hostname === "127.0.0.1") target.hostname = "localhost";
  else if (url.hostname !== "localhost" && !url.hostname.startsWith("renamed."))
    target.hostname = `renamed.${url.hostname}`;
  return target;
}

/** A batch answer without results and without errors, as it has been met in the field. */
async function emptied(response: Response | undefined): Promise<Response> {
  const result = { result: [], result_error: [], result_total: [], result_next: [], result_time: [] };
  const body = response ? asMap((await response.json()) as Value) : undefined;
  return jsonResponse({ ...body, result });
}
