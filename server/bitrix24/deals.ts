import { z } from "zod";
import { dealType } from "./fields";
import type { Marked } from "./marks";
import { figure, optionalId, parseAnswer, parseRows, portalId, text } from "./responses";
import type { Outcome } from "./transport/batch";
import type { BatchRunner, PortalCommand, SendHooks } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

export interface PortalDeal extends Marked {
  id: number;
  stageId: string;
  semantic: string;
  categoryId: number;
  contactId: number | null;
  currencyId: string;
  amount: number | null;
  /** The portal's own words; compared for equality only. */
  updatedTime: string;
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
];

export const dealRow = z
  .object({
    id: portalId,
    originatorId: text,
    originId: text,
    stageId: text,
    stageSemanticId: text,
    categoryId: z.coerce.number().catch(0),
    contactId: optionalId,
    currencyId: text,
    opportunity: figure,
    updatedTime: text,
  })
  .transform(
    ({ stageSemanticId, opportunity, ...rest }): PortalDeal => ({
      ...rest,
      semantic: stageSemanticId,
      amount: opportunity,
    }),
  );
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

const readItem = z.object({ item: z.record(z.string(), z.unknown()) });

/**
 * Asks for records one by one, by id. Those that are gone are missing from the answer; of those that may not be read
 * the refusal is told. Throws Bitrix24Error if the portal does not answer.
 */
export async function readEach(
  batchRunner: BatchRunner,
  entityTypeId: number,
  ids: number[],
): Promise<Map<number, Record<string, unknown> | Bitrix24Error>> {
  const method = "crm.item.get";
  const unique = [...new Set(ids)];
  const outcomes = await batchRunner.send(unique.map((id) => ({ kind: "read", method, params: { entityTypeId, id } })));
  const records = new Map<number, Record<string, unknown> | Bitrix24Error>();
  for (const [place, id] of unique.entries()) {
    const outcome = outcomes[place] as Outcome<unknown>;
    if (outcome.ok) records.set(id, parseAnswer(method, readItem, outcome.value).item);
    else if (!outcome.error.refusesItem) throw outcome.error;
    // Its own matter: the records beside it were answered.
    else if (outcome.error.code !== "NOT_FOUND") records.set(id, outcome.error.with({ kind: "refused" }));
  }
  return records;
}

/**
 * Of these contacts or deals those that the portal surely holds no more. A list proves nothing: it leaves out as well
 * what the webhook's owner may not see (any more). Throws Bitrix24Error if the portal does not answer.
 */
export async function findGone(batchRunner: BatchRunner, entityTypeId: number, ids: number[]): Promise<Set<number>> {
  const standing = await readEach(batchRunner, entityTypeId, ids);
  return new Set(ids.filter((id) => !standing.has(id)));
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
