import { randomUUID } from "node:crypto";
import { isForeign } from "../control";
import { isFaultKind } from "../faults";
import type { Portal } from "../portal";
import { isPresetName } from "../presets";
import { actByForm } from "./form-act";
import type { Html } from "./html";
import { renderContent, renderPage, version } from "./render";
import { settingsForms } from "./settings-forms";
import { renderSettings } from "./settings-page";
import { type PageText, pageText } from "./text";

/** The page on which a person sees registrations arrive, and plays the portal's staff. */
export async function page(portal: Portal, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const text = pageText(request.headers.get("accept-language") ?? "");
  if (request.method === "POST") return act(portal, pathname, request, text);
  if (pathname === "/") return wholePage(portal, text);
  if (pathname === "/settings") return settings(portal, text);
  if (pathname !== "/content") return new Response("Not found", { status: 404 });
  if (searchParams.get("not") === version(portal)) return new Response(null, { status: 204 });
  return new Response(renderContent(portal, text).text, { headers });
}

const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };

function wholePage(portal: Portal, text: PageText): Response {
  return withPolicy((nonce) => renderPage(portal, text, nonce));
}

function settings(portal: Portal, text: PageText, problem = ""): Response {
  return withPolicy((nonce) => renderSettings(portal, text, nonce, problem), problem ? 400 : 200);
}

function withPolicy(render: (nonce: string) => Html, status = 200): Response {
  const nonce = randomUUID();
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "img-src data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return new Response(render(nonce).text, {
    status,
    headers: { ...headers, "content-security-policy": policy.join("; ") },
  });
}

async function act(portal: Portal, pathname: string, request: Request, text: PageText): Promise<Response> {
  if (isForeign(request)) return new Response("Requests from other sites are refused", { status: 403 });
  const form = new URLSearchParams(await request.text());
  const [, kind = "", id = "", verb = ""] = pathname.split("/");
  try {
    if (kind === "settings") {
      const save = Object.hasOwn(settingsForms, id) ? settingsForms[id] : undefined;
      if (!save) return new Response("Not found", { status: 404 });
      save(portal, form);
      return seeOther("/settings");
    }
    const perform = acts[`${kind} ${verb}`.trim()];
    if (!perform) return new Response("Not found", { status: 404 });
    perform(portal, Number(id), form);
  } catch (error) {
    const problem = error instanceof Error ? error.message : "Bad request";
    if (kind === "settings") return settings(portal, text, problem);
    return new Response(problem, { status: 400 });
  }
  return seeOther(form.get("back") === "/settings" ? "/settings" : "/");
}

const seeOther = (location: string): Response => new Response(null, { status: 303, headers: { location } });

type Act = (portal: Portal, id: number, form: URLSearchParams) => void;

const acts: Record<string, Act> = {
  "deals stage": (portal, id, form) => portal.staff.moveDeal(id, form.get("stageId") ?? ""),
  "deals delete": (portal, id) => portal.staff.deleteDeal(id),
  "leads stage": (portal, id, form) => portal.staff.moveLead(id, form.get("stageId") ?? ""),
  "leads delete": (portal, id) => portal.staff.deleteLead(id),
  "companies delete": (portal, id) => portal.staff.deleteCompany(id),
  "contacts delete": (portal, id) => portal.staff.deleteContact(id),
  act: (portal, _id, form) => actByForm(portal, form),
  heal: (portal) => portal.clearFaults(),
  preset: (portal, _id, form) => {
    const preset = form.get("preset");
    if (!isPresetName(preset)) throw new RangeError("Unknown preset");
    portal.applyPreset(preset);
  },
  faults: (portal, _id, form) => {
    const kind = form.get("kind");
    if (!isFaultKind(kind)) throw new RangeError("Unknown kind of fault");
    portal.fail({ kind });
  },
};
