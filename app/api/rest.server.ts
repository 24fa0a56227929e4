import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { TRPCError } from "@trpc/server";
import { apiErrorTexts } from "~/i18n/api-errors";
import { requestLocale } from "~server/http/request-locale";
import { AppError, retryAfterOf } from "~server/platform/errors";
import { appErrorOf } from "~server/trpc/errors";
import { createCaller } from "~server/trpc/router";
import { apiActor } from "./api-actor.server";
import { restErrorBody } from "./rest-error.server";

type Args = LoaderFunctionArgs | ActionFunctionArgs;

interface Call {
  /** The procedures, called as the sender of the request. */
  caller: ReturnType<typeof createCaller>;
  params: Args["params"];
  /** The parsed body. `never`, since nothing is known of it: the procedure's schema checks it. */
  body(): Promise<never>;
}

/** JSON that no cache keeps. */
export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(value, { status, headers: { "Cache-Control": "no-store", ...headers } });

/**
 * A REST endpoint of one method: loader and action of its route alike. Everything that is not the call of a
 * procedure happens here once: who asks, what the body is, and how an error reads.
 */
export function endpoint(method: "GET" | "POST", handle: (call: Call) => Promise<Response>) {
  return async (args: Args): Promise<Response> => {
    const { request, params, context } = args;
    const { services, requestId } = context;
    try {
      if (!allows(method, request.method)) throw new AppError("METHOD_NOT_ALLOWED");
      const actor = await apiActor(args);
      const caller = createCaller({ services, actor, requestId, origin: "api" }, { signal: request.signal });
      const body = () => {
        // Nothing of a stranger's body is looked at, not even whether it is well-formed.
        if (!actor) throw new AppError("UNAUTHORIZED");
        return readJson(request);
      };
      return await handle({ caller, params, body });
    } catch (thrown) {
      const error = appErrorOf(thrown);
      // A procedure has logged its own failure.
      if (error.status >= 500 && !(thrown instanceof TRPCError))
        services.log.error({ err: error.cause ?? error, requestId }, "endpoint failed");
      return refuse(request, error, method);
    }
  };
}

/** An id of the path as a number; any other text unchanged, for the schema to refuse. */
export const pathId = (text: string | undefined): never =>
  (text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : text) as never;

const allows = (method: "GET" | "POST", asked: string) => asked === method || (method === "GET" && asked === "HEAD");

/** The error in the interface's shape and the reader's language, with the headers that its status asks for. */
export function refuse(request: Request, error: AppError, allowed?: "GET" | "POST"): Response {
  const headers: Record<string, string> = {};
  if (error.code === "METHOD_NOT_ALLOWED" && allowed) headers.Allow = allowed === "GET" ? "GET, HEAD" : allowed;
  if (error.code === "UNAUTHORIZED") headers["WWW-Authenticate"] = "Bearer";
  const wait = retryAfterOf(error);
  if (wait !== undefined) headers["Retry-After"] = String(wait);
  else if (error.code === "BUSY") headers["Retry-After"] = "1";
  return json(restErrorBody(error, apiErrorTexts[requestLocale(request)]), error.status, headers);
}

/** Programs add parameters of their own (`odata=verbose`) and spell the charset as they like; another one is refused. */
function isJson(contentType: string): boolean {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => /^charset\s*=/.test(parameter))?.replace(/^charset\s*=\s*|["']/g, "");
  return type === "application/json" && ["utf-8", "utf8", "us-ascii", "", undefined].includes(charset);
}

/** JSON in UTF-8, as its RFC wants it; anything else is refused instead of guessed. */
async function readJson(request: Request): Promise<never> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (!isJson(request.headers.get("content-type") ?? "") || encoding !== "identity")
    throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer())) as never;
  } catch (cause) {
    throw new AppError("INVALID", { cause, details: { issues: [{ path: [], code: "not_json", params: {} }] } });
  }
}
