import { z } from "zod";
import { slices } from "../platform/chunks";
import { dealType } from "./fields";
import { funnelOf } from "./funnel-stages";
import { assertRead, itemCommand, type ReadRecord, readItems } from "./items";
import type { Marked } from "./marks";
import { updateMethod } from "./progress";
import type { Recurring } from "./recurring";
import {
  contactIdsOf,
  createdTime,
  figure,
  flag,
  optionalId,
  parseAnswer,
  parseRows,
  portalId,
  text,
  unproven,
} from "./responses";
import type { Outcome, PortalCommand } from "./transport/batch";
import type { BatchRun, BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

export interface PortalDeal extends Marked, Recurring {
  id: number;
  stageId: string;
  semantic: string;
  categoryId: number;
  contactId: number | null;
  currencyId: string;
  amount: number | null;
  /** In the portal's format; compared for equality only. */
  updatedTime: string;
  createdTime?: Date | null | undefined;
}

export const dealSelect = [
  "id",
  "originatorId",
  "originId",
  "stageId",
  "stageSemanticId",
  "categoryId",
  "contactId",
  "currencyId",
  "opportunity",
  "updatedTime",
  "createdTime",
  "isRecurring",
];

export const dealRow = z
  .object({
    id: portalId,
    originatorId: text,
    originId: text,
    stageId: text,
    stageSemanticId: text,
    // An untold funnel is that of the stage, whose id names it.
    categoryId: optionalId,
    contactId: optionalId,
    currencyId: text,
    opportunity: figure,
    updatedTime: text,
    createdTime,
    isRecurring: flag,
  })
  .transform(
    ({ stageSemanticId, opportunity, categoryId, ...rest }): PortalDeal => ({
      ...rest,
      categoryId: categoryId ?? funnelOf(rest.stageId),
      semantic: stageSemanticId,
      amount: opportunity,
    }),
  );
const updatedDeal = z.object({ item: dealRow });

const idsPerCommand = 50;

/** Reads deals by id; deals that are gone or cannot be parsed are missing from the result. Throws Bitrix24Error. */
export async function readDeals(batchRunner: BatchRunner, ids: number[]): Promise<Map<number, PortalDeal>> {
  const unique = [...new Set(ids)];
  const answers = await batchRunner.read(
    slices(unique, idsPerCommand).map((group) => ({
      kind: "read",
      method: "crm.item.list",
      params: {
        entityTypeId: dealType,
        filter: { "@id": group },
        select: dealSelect,
        order: { id: "ASC" },
        start: -1,
      },
    })),
  );
  const wanted = new Set(unique);
  const found = answers.flatMap((raw) => parseRows("crm.item.list", dealRow, raw).rows);
  return new Map(found.filter((item) => wanted.has(item.id)).map((item) => [item.id, item]));
}

/**
 * Reads records one by one, by id. Records that are gone are missing from the result; a record that the portal does not
 * return has the error as its value. Throws Bitrix24Error if the portal does not answer.
 */
export async function readEach(
  batchRunner: BatchRunner,
  entityTypeId: number,
  ids: number[],
): Promise<Map<number, ReadRecord>> {
  const unique = [...new Set(ids)];
  return readItems(unique, await batchRunner.send(unique.map((id) => itemCommand(entityTypeId, id))));
}

/**
 * All contacts of these deals, by deal, without deals that are gone or unread; a list tells the main one alone.
 * Throws Bitrix24Error if the portal does not answer.
 */
export async function readDealContacts(batchRunner: BatchRunner, ids: number[]): Promise<Map<number, number[]>> {
  const deals = await readEach(batchRunner, dealType, ids);
  return new Map(
    [...deals].flatMap(([id, deal]) => (deal instanceof Bitrix24Error ? [] : [[id, contactIdsOf(deal)] as const])),
  );
}

/**
 * Of these contacts or deals, those that certainly no longer exist. A list proves nothing: it also leaves out records
 * that the webhook's owner may not see. Not that the others stand: one that is unread is not among them. `mustRead`: for a
 * conclusion from those that are not gone, each of which has to be read then. Throws Bitrix24Error if the portal does not
 * answer, and with `mustRead` also if it does not return one of them.
 */
export async function findGone(
  batchRunner: BatchRunner,
  entityTypeId: number,
  ids: number[],
  { mustRead = false } = {},
): Promise<Set<number>> {
  const standing = await readEach(batchRunner, entityTypeId, ids);
  if (mustRead) assertRead(standing);
  return new Set(ids.filter((id) => !standing.has(id)));
}

export interface DealUpdate {
  dealId: number;
  fields: Record<string, unknown>;
}

const updateCommand = ({ dealId, fields }: DealUpdate): PortalCommand => ({
  kind: "deal.update",
  method: updateMethod,
  params: { entityTypeId: dealType, id: dealId, fields },
});

/** Updates the fields of each deal and returns what the portal stored, or the error. */
export async function updateDeals(batchRunner: BatchRunner, updates: DealUpdate[]): Promise<Outcome<PortalDeal>[]> {
  return readUpdates(await batchRunner.send(updates.map(updateCommand)));
}

/** Updates deals request by request, for updates that need a saved marker before each request. */
export const startDealUpdates = (batchRunner: BatchRunner, updates: DealUpdate[]): BatchRun =>
  batchRunner.start(updates.map(updateCommand));

/** What the portal stored, from its answers to updates. */
const readUpdates = (outcomes: Outcome<unknown>[]): Outcome<PortalDeal>[] =>
  outcomes.map((outcome): Outcome<PortalDeal> => {
    if (!outcome.ok) return outcome;
    try {
      return { ok: true, value: parseAnswer(updateMethod, updatedDeal, outcome.value).item };
    } catch (error) {
      if (error instanceof Bitrix24Error) return { ok: false, error };
      throw error;
    }
  });

/** The same for moves to another stage. An answer without a stage proves neither that the deal moved nor that it stayed. */
export const readMoves = (outcomes: Outcome<unknown>[]): Outcome<PortalDeal>[] =>
  readUpdates(outcomes).map((outcome) =>
    outcome.ok && outcome.value.stageId === "" ? { ok: false, error: unproven(updateMethod) } : outcome,
  );

/** Writes to the timelines of deals, at most once: a comment that may exist already is not repeated. */
export function commentDeals(
  batchRunner: BatchRunner,
  comments: { dealId: number; text: string }[],
): Promise<Outcome<unknown>[]> {
  return batchRunner.send(
    comments.map((comment) => ({
      kind: "comment.add",
      method: "crm.timeline.comment.add",
      params: { fields: { ENTITY_ID: comment.dealId, ENTITY_TYPE: "deal", COMMENT: comment.text } },
    })),
  );
}
