import type { Bitrix24Client } from "./client";
import { Bitrix24Error } from "./error";

/**
 * The error of a request that was sent alone. A 403 `ACCESS_DENIED` says on some portals that the record is closed to the
 * webhook's owner, and on older ones that the portal's plan has ended. `profile` needs no right and no record: if the portal
 * answers it, the refusal is the record's, and it is told without a status, as inside a batch.
 */
export async function asToldInBatch(client: Bitrix24Client, error: unknown): Promise<unknown> {
  if (!(error instanceof Bitrix24Error) || error.code !== "ACCESS_DENIED" || error.status !== 403) return error;
  try {
    await client.call("profile");
    return error.with({ status: undefined });
  } catch (ill) {
    if (!(ill instanceof Bitrix24Error)) throw ill;
    return error;
  }
}
