import { type AppLoadContext, data, redirect } from "@remix-run/node";
import type { Actor } from "~server/audit/actor";
import { authenticate, isBearer } from "~server/auth/auth";
import { AppError } from "~server/platform/errors";
import { keepSentForm } from "./signed-out.server";

/** What every loader and action has. */
interface RouteArgs {
  request: Request;
  context: AppLoadContext;
}

type PageActor = Extract<Actor, { kind: "USER" }>;

/** A page's loaders run in parallel and share their context: the database is queried once for all of them. */
const actors = new WeakMap<AppLoadContext, Promise<PageActor | null>>();

/** Who looks at the page; null for a guest. */
export function pageActor({ request, context }: RouteArgs): Promise<PageActor | null> {
  let actor = actors.get(context);
  if (!actor) {
    actor = authenticatePerson(context, request);
    actors.set(context, actor);
  }
  return actor;
}

/** A token is for program interfaces only: on a page its bearer is a guest. */
async function authenticatePerson({ services }: AppLoadContext, request: Request): Promise<PageActor | null> {
  if (isBearer(request)) return null;
  const actor = await authenticate(services, request);
  return actor?.kind === "USER" ? actor : null;
}

/**
 * The signed-in person; a guest is redirected to sign in and returns afterwards, and keeps a form that was filled in.
 * An administrator who must first set up the second factor only reaches the pages with `mayEnrol`.
 */
export async function requirePageUser(args: RouteArgs, { mayEnrol = false } = {}): Promise<PageActor> {
  const actor = await pageActor(args);
  if (actor?.mustEnrol && !mayEnrol) throw redirect("/account/second-factor");
  if (actor) return actor;
  await keepSentForm(args);
  const { pathname, search } = new URL(args.request.url);
  const params = new URLSearchParams({ redirectTo: pathname + search });
  const from = signInWithoutCookie(args.request);
  if (from) params.set(refusedParam, from);
  throw redirect(`/login?${params}`);
}

const refusedParam = "cookies";

/**
 * The page whose form has just signed this browser in, where the browser refuses cookies: it comes from there and brings
 * none at all, not even of those that every first page gives. It would be sent to sign in for ever, without a word.
 */
function signInWithoutCookie(request: Request): "register" | "login" | null {
  const referer = request.headers.get("referer");
  if (request.headers.has("cookie") || !referer || !URL.canParse(referer)) return null;
  // As the router takes it: in any case, and with a slash at the end.
  const page = new URL(referer).pathname.toLowerCase().replace(/\/$/, "");
  if (page === "/login") return "login";
  if (!/^\/register(\/[^/]+)?$/.test(page)) return null;
  // The form of a person who was registered before has registered nothing, and only signed them in.
  return new URL(request.url).searchParams.has("known") ? "login" : "register";
}

/** Which form's cookies the browser rejected, for the sign-in page: of a registration or of a sign-in. */
export function refusedCookies({ request }: RouteArgs): "register" | "login" | null {
  const from = new URL(request.url).searchParams.get(refusedParam);
  return !request.headers.has("cookie") && (from === "register" || from === "login") ? from : null;
}

/** The signed-in administrator; a guest is sent to sign in, any other person gets the 403 page. */
export async function requirePageAdmin(args: RouteArgs): Promise<PageActor & { role: "ADMIN" }> {
  const actor = await requirePageUser(args);
  if (!isAdmin(actor)) throw data(null, { status: new AppError("FORBIDDEN").status });
  return actor;
}

/** For pages that only make sense before signing in. A form that is shown again is shown to whom has sent it. */
export async function requireGuest(args: RouteArgs, destination = "/account"): Promise<void> {
  if (!isFormKept(args.context) && (await pageActor(args))) throw redirect(destination);
}

/** Requests whose form was refused and is shown again. */
const keptForms = new WeakSet<AppLoadContext>();

/**
 * Called by an action that refuses a guest's form: the page around it is then rendered as it was, although the database may
 * be away, or another tab has signed this browser in. Without scripts a redirect, or an error page, would take away what was
 * typed.
 */
export const keepForm = (context: AppLoadContext): void => void keptForms.add(context);

/** Whether the page is rendered for a form that was refused. */
export const isFormKept = (context: AppLoadContext): boolean => keptForms.has(context);

const isAdmin = (actor: PageActor): actor is PageActor & { role: "ADMIN" } => actor.role === "ADMIN";
