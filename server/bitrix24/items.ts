import { z } from "zod";
import { parseAnswer } from "./responses";
import type { Outcome, PortalCommand } from "./transport/batch";
import type { Bitrix24Error } from "./transport/error";

/** Rows on a page of a list of the portal. */
export const pageSize = 50;

/** A contact or deal as it was read, not yet looked at. */
export type PortalItem = Record<string, unknown>;

const method = "crm.item.get";
const answer = z.object({ item: z.record(z.string(), z.unknown()) });

/** Asks for one record by its id: other than a list, it tells what is gone from what may not be read. */
export const itemCommand = (entityTypeId: number, id: number): PortalCommand => ({
  kind: "read",
  method,
  params: { entityTypeId, id },
});

/**
 * The records that were asked for. Those that are gone are missing; of those that may not be read the refusal is told.
 * Throws Bitrix24Error if the portal did not answer.
 */
export function readItems(ids: number[], outcomes: Outcome<unknown>[]): Map<number, PortalItem | Bitrix24Error> {
  const records = new Map<number, PortalItem | Bitrix24Error>();
  for (const [place, id] of ids.entries()) {
    const outcome = outcomes[place] as Outcome<unknown>;
    if (outcome.ok) records.set(id, parseAnswer(method, answer, outcome.value).item);
    else if (!outcome.error.refusesItem) throw outcome.error;
    // Its own matter: the records beside it were answered.
    else if (outcome.error.code !== "NOT_FOUND") records.set(id, outcome.error.with({ kind: "refused" }));
  }
  return records;
}
