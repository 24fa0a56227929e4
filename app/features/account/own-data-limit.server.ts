import { data } from "@remix-run/node";
import type { LoadContext } from "~server/app";

/** Counts a copy or change of a person's own data; 429 with Retry-After if they have had their share of the day. */
export async function takeOwnDataTurn({ limits }: Pick<LoadContext, "limits">, userId: number): Promise<void> {
  const seconds = await limits.ownData(`person:${userId}`);
  if (seconds !== null) throw data(null, { status: 429, headers: { "Retry-After": String(seconds) } });
}
