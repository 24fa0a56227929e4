import { randomUUID } from "node:crypto";
import { isForeign } from "../control";
import { isFaultKind } from "../faults";
import type { Portal } from "../portal";
import { renderPage, version } from "./render";
import { pageText } from "./text";

/** The page on which a person sees registrations arrive, and plays the portal's staff. */
export async function page(portal: Portal, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === "POST") return act(portal, pathname, request);
  if (pathname === "/version") return new Response(version(portal));
  if (pathname !== "/") return new Response("Not found", { status: 404 });
  const nonce = randomUUID();
  return new Response(renderPage(portal, pageText(request.headers.get("accept-language") ?? ""), nonce), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    },
  });
}

async function act(portal: Portal, pathname: string, request: Request): Promise<Response> {
  if (isForeign(request)) return new Response("Requests from other sites are refused", { status: 403 });
  const form = new URLSearchParams(await request.text());
  const [, kind = "", id = "", verb = ""] = pathname.split("/");
  try {
    const perform = acts[`${kind} ${verb}`.trim()];
    if (!perform) return new Response("Not found", { status: 404 });
    perform(portal, Number(id), form);
  } catch (error) {
    return new Response(error instanceof Error ? error.message : "Bad request", { status: 400 });
  }
  return new Response(null, { status: 303, headers: { location: "/" } });
}

type Act = (portal: Portal, id: number, form: URLSearchParams) => void;

const acts: Record<string, Act> = {
  "deals stage": (portal, id, form) => portal.staff.moveDeal(id, form.get("stageId") ?? ""),
  "deals delete": (portal, id) => portal.staff.deleteDeal(id),
  "contacts delete": (portal, id) => portal.staff.deleteContact(id),
  heal: (portal) => portal.clearFaults(),
  faults: (portal, _id, form) => {
    const kind = form.get("kind");
    if (!isFaultKind(kind)) throw new RangeError("Unknown kind of fault");
    portal.fail({ kind });
  },
};
