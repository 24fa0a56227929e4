import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import type { Actor } from "~server/audit/actor";
import { authenticate } from "~server/auth/auth";

/**
 * The actor of a call to a program interface; null for a guest. Throws TOO_MANY for an address that tries made-up
 * tokens.
 */
export async function apiActor({ request, context }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Actor | null> {
  const { services, clientIp, limits } = context;
  const authorization = request.headers.get("authorization");
  limits.tokens.check(authorization, clientIp);
  const actor = await authenticate(services, request, clientIp);
  await limits.tokens.note(authorization, clientIp, actor !== null);
  return actor;
}
