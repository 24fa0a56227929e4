import type { Bitrix24Error } from "../bitrix24/transport/error";

/**
 * The portal's refusal of what stands beside an erased person's records, as this erasure's own: with the records themselves the
 * portal tells whether it refuses everything. Throws what says that the portal cannot be asked at all now.
 */
export function refusalOf(error: Bitrix24Error): Bitrix24Error {
  if (error.kind === "outage" || error.kind === "limit") throw error;
  return error.with({ kind: "refused" });
}
