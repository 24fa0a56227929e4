import { data } from "@remix-run/node";
import type { LoadContext } from "~server/app";

/**
 * Counts a copy or change of a person's own data: the seconds until the next one is allowed if they have had their share of the
 * day, else null.
 */
export const takeOwnDataTurn = ({ limits }: Pick<LoadContext, "limits">, userId: number): Promise<number | null> =>
  limits.ownData(`person:${userId}`);

/** Where there is no form that could say so: 429 with Retry-After instead of the copy. */
export async function requireOwnDataTurn(context: Pick<LoadContext, "limits">, userId: number): Promise<void> {
  const seconds = await takeOwnDataTurn(context, userId);
  if (seconds !== null) throw data(null, { status: 429, headers: { "Retry-After": String(seconds) } });
}
