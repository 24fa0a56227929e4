import {
  type ActionFunctionArgs,
  type AppLoadContext,
  createReadableStreamFromReadable,
  type EntryContext,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { LocaleContext } from "~/i18n/locale";
import { SiteNameContext } from "~/i18n/site-name";
import { NonceContext } from "~/page/nonce";
import { withoutNul } from "~/page/without-nul.server";
import { retryAfterSeconds } from "~server/database/unavailable";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";

/** Single fetch rejects pending promises after this long; React's own abort follows a second later. */
export const streamTimeout = 5_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { cspNonce, services, requestId }: AppLoadContext,
): Promise<Response> {
  const { promise, resolve, reject } = withResolvers<Response>();
  const waitForAll = isbot(request.headers.get("user-agent") ?? "");
  let failed = false;
  const respond = () => {
    const body = withoutNul();
    headers.set("Content-Type", "text/html; charset=utf-8");
    keepUncached(headers);
    tellWhenToRetry(status, headers);
    // Remix answers a form that is sent to a page without an action.
    if (status === 405) headers.set("Allow", "GET, HEAD");
    resolve(new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }));
    pipe(body);
  };
  const { pipe, abort } = renderToPipeableStream(
    <LocaleContext.Provider value={requestLocale(request)}>
      <SiteNameContext.Provider value={services.env.SITE_NAME ?? null}>
        <NonceContext.Provider value={cspNonce}>
          <RemixServer context={remixContext} url={request.url} nonce={cspNonce} />
        </NonceContext.Provider>
      </SiteNameContext.Provider>
    </LocaleContext.Provider>,
    {
      nonce: cspNonce,
      [waitForAll ? "onAllReady" : "onShellReady"]: respond,
      onShellError: reject,
      onError(error) {
        failed = true;
        services.log.error({ err: error, requestId }, "page could not be rendered");
      },
    },
  );
  setTimeout(abort, streamTimeout + 1_000).unref();
  return promise;
}

/** The headers of data requests, which scripts make instead of loading a page. */
export function handleDataRequest(response: Response): Response {
  keepUncached(response.headers);
  tellWhenToRetry(response.status, response.headers);
  return response;
}

/** Pages contain personal data or a signed form, which no shared or browser cache may keep. */
const keepUncached = (headers: Headers): void => headers.set("Cache-Control", "no-store");

/** Sets Retry-After on every 503: the loader or the driver whose error became the answer does not set it. */
function tellWhenToRetry(status: number, headers: Headers): void {
  if (status === 503) headers.set("Retry-After", String(retryAfterSeconds));
}

export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs) {
  // An aborted request, a 404 and a body rejected while it was read are no errors of ours.
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  if (isAppError(error, "TOO_LARGE")) return;
  context.services.log.error({ err: error, requestId: context.requestId }, "page failed");
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
