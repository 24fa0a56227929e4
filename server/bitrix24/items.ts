import { z } from "zod";
import { unproven } from "./responses";
import { missingInBatch, type Outcome, type PortalCommand } from "./transport/batch";
import { Bitrix24Error } from "./transport/error";

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

/** A record as it was read, or why it was not: see `readItems`. */
export type ReadRecord = PortalItem | Bitrix24Error;

/**
 * The requested records. Deleted ones are missing. A record that the portal does not return has the error as its value: it is
 * closed to the webhook's owner (`refusesItem`), or the portal breaks down over it, or answers with something else. Neither
 * says that it is gone, and neither concerns the other records. Throws Bitrix24Error if the portal did not answer, or refused
 * the request that several of the records shared.
 */
export function readItems(ids: number[], outcomes: Outcome<unknown>[]): Map<number, ReadRecord> {
  assertOwnErrors(outcomes);
  const records = new Map<number, ReadRecord>();
  for (const [place, id] of ids.entries()) {
    const record = readItem(outcomes[place] as Outcome<unknown>);
    if (record) records.set(id, record);
  }
  return records;
}

/**
 * Throws an error that several outcomes share: it is that of their request, which does not tell the record that caused it.
 * Asked for alone, each record has an error of its own.
 */
export function assertOwnErrors(outcomes: Outcome<unknown>[]): void {
  const seen = new Set<Bitrix24Error>();
  for (const outcome of outcomes) {
    if (outcome.ok) continue;
    if (seen.has(outcome.error)) throw outcome.error;
    seen.add(outcome.error);
  }
}

function readItem(outcome: Outcome<unknown>): ReadRecord | null {
  if (outcome.ok) {
    const parsed = answer.safeParse(outcome.value);
    return parsed.success ? parsed.data.item : unproven(method, { cause: parsed.error });
  }
  const { error } = outcome;
  // The batch that left this record out has answered the others.
  const isMissing = error.code === missingInBatch;
  if (!error.refusesItem && error.kind !== "refused" && !isMissing) throw error;
  return error.code === "NOT_FOUND" ? null : error.with({ kind: "refused" });
}

/** Whether the portal should return this record, and does not: nothing may be concluded from that. */
export const isUnread = (record: ReadRecord | undefined): record is Bitrix24Error =>
  record instanceof Bitrix24Error && !record.refusesItem;

/** For conclusions to which each of the records matters. Throws the error of the first one that is unread. */
export function assertRead(records: Map<number, ReadRecord>): Map<number, ReadRecord> {
  for (const record of records.values()) if (isUnread(record)) throw record;
  return records;
}
