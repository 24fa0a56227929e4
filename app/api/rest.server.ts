import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { TRPCError } from "@trpc/server";
import { apiErrorTexts } from "~/i18n/api-errors";
import { requestLocale } from "~server/http/request-locale";
import { AppError, retryAfterOf } from "~server/platform/errors";
import { appErrorOf, notJson } from "~server/trpc/errors";
import { createCaller } from "~server/trpc/router";
import { apiActor } from "./api-actor.server";
import { bodyText } from "./body-text.server";
import { restErrorBody } from "./rest-error.server";
import { sendsJson } from "./sends-json.server";

type Args = LoaderFunctionArgs | ActionFunctionArgs;

type QueryKinds = Record<string, "boolean" | "number">;

interface Call {
  /** The procedures, called as the request's actor. */
  caller: ReturnType<typeof createCaller>;
  params: Args["params"];
  /** The parameters of the query; those that are no text need their kind. `never` as for the body. */
  query(kinds: QueryKinds): never;
  /** The parsed body. `never`, since its type is unknown: the procedure's schema checks it. */
  body(): Promise<never>;
}

/** JSON with no caching. */
export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(value, { status, headers: { "Cache-Control": "no-store", ...headers } });

/**
 * A REST endpoint of one method, for its route's loader and action. Authentication, parsing of the body and the format
 * of errors are handled here, once.
 */
export function endpoint(method: "GET" | "POST", handle: (call: Call) => Promise<Response>) {
  return async (args: Args): Promise<Response> => {
    const { request, params, context } = args;
    const { services, requestId } = context;
    try {
      if (!allows(method, request.method)) throw new AppError("METHOD_NOT_ALLOWED");
      const actor = await apiActor(args);
      const idempotencyKey = request.headers.get("idempotency-key");
      const caller = createCaller(
        { services, actor, requestId, idempotencyKey, origin: "api" },
        { signal: request.signal },
      );
      const body = () => {
        // Authenticate before parsing the body.
        if (!actor) throw new AppError("UNAUTHORIZED");
        return readJson(request);
      };
      const query = (kinds: QueryKinds) => readQuery(new URL(request.url).searchParams, kinds);
      return await handle({ caller, params, query, body });
    } catch (thrown) {
      const error = appErrorOf(thrown);
      // A procedure has logged its own failure.
      if (error.status >= 500 && !(thrown instanceof TRPCError))
        services.log.error({ err: error.cause ?? error, requestId }, "endpoint failed");
      return refuse(request, error, method);
    }
  };
}

/** Those parameters of a list that are no text. */
export const listKinds: QueryKinds = { paid: "boolean", confirmed: "boolean", limit: "number" };

/**
 * An id in the path as a number, an endless one as the largest that there is; other text is passed unchanged, so that the
 * schema rejects it.
 */
export const pathId = (text: string | undefined): never =>
  (text !== undefined && /^[1-9]\d*$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : text) as never;

/**
 * A query has texts alone: those of `kinds` are read as flags or numbers, and text that is neither is passed on, so that
 * the schema rejects it. So is a name that comes several times, as a list.
 */
function readQuery(params: URLSearchParams, kinds: QueryKinds): never {
  const read = (name: string, text: string) => {
    if (kinds[name] === "boolean" && /^(true|false)$/.test(text)) return text === "true";
    if (kinds[name] === "number" && /^\d{1,15}$/.test(text)) return Number(text);
    return text;
  };
  const entries = [...new Set(params.keys())].map((name) => {
    const [text = "", ...more] = params.getAll(name);
    return [name, more.length > 0 ? [text, ...more] : read(name, text)];
  });
  return Object.fromEntries(entries) as never;
}

const allows = (method: "GET" | "POST", asked: string) => asked === method || (method === "GET" && asked === "HEAD");

/** The error in the interface's format and the reader's language, with the headers that its status requires. */
export function refuse(request: Request, error: AppError, allowed?: "GET" | "POST"): Response {
  const headers: Record<string, string> = {};
  if (error.code === "METHOD_NOT_ALLOWED" && allowed) headers.Allow = allowed === "GET" ? "GET, HEAD" : allowed;
  if (error.code === "UNAUTHORIZED") headers["WWW-Authenticate"] = "Bearer";
  const wait = retryAfterOf(error);
  if (wait !== undefined) headers["Retry-After"] = String(wait);
  else if (error.code === "BUSY") headers["Retry-After"] = "1";
  return json(restErrorBody(error, apiErrorTexts[requestLocale(request)]), error.status, headers);
}

async function readJson(request: Request): Promise<never> {
  if (!sendsJson(request)) throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  const text = await bodyText(request);
  try {
    return JSON.parse(text) as never;
  } catch (cause) {
    throw notJson(cause);
  }
}
