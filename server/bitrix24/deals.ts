import { z } from "zod";
import { dealType } from "./fields";
import { optionalId, parseAnswer, parseRows, portalId, text } from "./responses";
import type { Outcome } from "./transport/batch";
import type { BatchRunner, PortalCommand, SendHooks } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

export interface PortalDeal {
  id: number;
  originId: string;
  stageId: string;
  semantic: string;
  categoryId: number;
  contactId: number | null;
  currencyId: string;
  /** The portal's own words; compared for equality only. */
  updatedTime: string;
}

export const dealSelect = [
  "id",
  "originId",
  "stageId",
  "stageSemanticId",
  "categoryId",
  "contactId",
  "currencyId",
  "updatedTime",
];

export const dealRow = z
  .object({
    id: portalId,
    originId: text,
    stageId: text,
    stageSemanticId: text,
    categoryId: z.coerce.number().catch(0),
    contactId: optionalId,
    currencyId: text,
    updatedTime: text,
  })
  .transform(({ stageSemanticId, ...rest }): PortalDeal => ({ ...rest, semantic: stageSemanticId }));
const updatedDeal = z.object({ item: dealRow });

const idsPerCommand = 50;

/** Reads deals by id; those that are gone, or cannot be understood, are missing from the answer. Throws Bitrix24Error. */
export async function readDeals(batchRunner: BatchRunner, ids: number[]): Promise<Map<number, PortalDeal>> {
  const unique = [...new Set(ids)];
  const commands: PortalCommand[] = [];
  for (let from = 0; from < unique.length; from += idsPerCommand)
    commands.push({
      kind: "read",
      method: "crm.item.list",
      params: {
        entityTypeId: dealType,
        filter: { "@id": unique.slice(from, from + idsPerCommand) },
        select: dealSelect,
        order: { id: "ASC" },
        start: -1,
      },
    });
  const answers = await batchRunner.read(commands);
  const wanted = new Set(unique);
  const found = answers.flatMap((raw) => parseRows("crm.item.list", dealRow, raw).rows);
  return new Map(found.filter((item) => wanted.has(item.id)).map((item) => [item.id, item]));
}

/**
 * Of these contacts or deals those that the portal surely holds no more. A list proves nothing: it leaves out as well
 * what the webhook's owner may not see (any more). Throws Bitrix24Error if the portal does not answer.
 */
export async function findGone(batchRunner: BatchRunner, entityTypeId: number, ids: number[]): Promise<Set<number>> {
  const outcomes = await batchRunner.send(
    ids.map((id) => ({ kind: "read", method: "crm.item.get", params: { entityTypeId, id } })),
  );
  const gone = ids.filter((_id, place) => {
    const outcome = outcomes[place];
    if (!outcome || outcome.ok) return false;
    if (!outcome.error.refusesItem) throw outcome.error;
    return outcome.error.code === "NOT_FOUND";
  });
  return new Set(gone);
}

/** Changes one field set of each deal and tells what the portal stored, or why it did not. */
export async function updateDeals(
  batchRunner: BatchRunner,
  changes: { dealId: number; fields: Record<string, unknown> }[],
  hooks: SendHooks = {},
): Promise<Outcome<PortalDeal>[]> {
  const method = "crm.item.update";
  const outcomes = await batchRunner.send(
    changes.map(({ dealId, fields }) => ({
      kind: "deal.update",
      method,
      params: { entityTypeId: dealType, id: dealId, fields },
    })),
    hooks,
  );
  return outcomes.map((outcome): Outcome<PortalDeal> => {
    if (!outcome.ok) return outcome;
    try {
      return { ok: true, value: parseAnswer(method, updatedDeal, outcome.value).item };
    } catch (error) {
      if (error instanceof Bitrix24Error) return { ok: false, error };
      throw error;
    }
  });
}

/** Writes to the timelines of deals. Told at most once: a comment that may stand is not repeated. */
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
