import { z } from "zod";
import { parseAnswer } from "./responses";
import type { Outcome, PortalCommand } from "./transport/batch";
import type { Bitrix24Error } from "./transport/error";

/** Rows on a page of a portal's list. */
export const pageSize = 50;

/** A contact or deal as it was read, not parsed yet. */
export type PortalItem = Record<string, unknown>;

const method = "crm.item.get";
const answer = z.object({ item: z.record(z.string(), z.unknown()) });

/** Reads one record by its id. Unlike a list, this tells a deleted record from one that may not be read. */
export const itemCommand = (entityTypeId: number, id: number): PortalCommand => ({
  kind: "read",
  method,
  params: { entityTypeId, id },
});

/**
 * The requested records. Deleted ones are missing; a record that may not be read has the refusal as its value. Throws
 * Bitrix24Error if the portal did not answer.
 */
export function readItems(ids: number[], outcomes: Outcome<unknown>[]): Map<number, PortalItem | Bitrix24Error> {
  const records = new Map<number, PortalItem | Bitrix24Error>();
  for (const [place, id] of ids.entries()) {
    const outcome = outcomes[place] as Outcome<unknown>;
    if (outcome.ok) records.set(id, parseAnswer(method, answer, outcome.value).item);
    else if (!outcome.error.refusesItem) throw outcome.error;
    // The error is about this record only: the other records were answered.
    else if (outcome.error.code !== "NOT_FOUND") records.set(id, outcome.error.with({ kind: "refused" }));
  }
  return records;
}
