import { type AppLoadContext, data, redirect } from "@remix-run/node";
import type { Actor } from "~server/actor";
import { authenticate } from "~server/auth";
import { AppError } from "~server/errors";

/** What every loader and action has. */
interface RouteArgs {
  request: Request;
  context: AppLoadContext;
}

/** A page's loaders run side by side and share their context: the database is asked once for all of them. */
const actors = new WeakMap<AppLoadContext, Promise<Actor | null>>();

/** Who looks at the page; null for a guest. */
export function pageActor({ request, context }: RouteArgs): Promise<Actor | null> {
  let actor = actors.get(context);
  if (!actor) {
    actor = authenticate(context.services, request);
    actors.set(context, actor);
  }
  return actor;
}

/** The signed-in person; a guest is sent to sign in and comes back afterwards. */
export async function requirePageUser(args: RouteArgs): Promise<Actor & { kind: "USER" }> {
  const actor = await pageActor(args);
  // A token is for programs; what it may do has its own addresses.
  if (actor?.kind === "USER") return actor;
  const { pathname, search } = new URL(args.request.url);
  throw redirect(`/login?redirectTo=${encodeURIComponent(pathname + search)}`);
}

/** The signed-in administrator; a guest is sent to sign in, anybody else gets the 403 page. */
export async function requirePageAdmin(args: RouteArgs): Promise<Actor & { kind: "USER"; role: "ADMIN" }> {
  const actor = await requirePageUser(args);
  if (!isAdmin(actor)) throw data(null, { status: new AppError("FORBIDDEN").status });
  return actor;
}

/** For pages that only make sense before signing in. */
export async function requireGuest(args: RouteArgs): Promise<void> {
  if (await pageActor(args)) throw redirect("/account");
}

const isAdmin = (actor: Actor & { kind: "USER" }): actor is Actor & { kind: "USER"; role: "ADMIN" } =>
  actor.role === "ADMIN";
