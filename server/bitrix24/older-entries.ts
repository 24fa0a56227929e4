import { z } from "zod";
import { listOf, parseAnswer, portalId, text } from "./responses";
import type { BatchRunner } from "./transport/batch-runner";

/** A phone, e-mail address or the like of a contact. */
export interface Entry {
  id: number;
  typeId: string;
  value: string;
}

/** Phones, e-mails and the like as the newer methods tell them. */
export const entryList = listOf(z.object({ id: portalId, typeId: text, value: text })).nullish();

const types = ["PHONE", "EMAIL", "WEB", "IM", "LINK"] as const;
const list = listOf(z.object({ ID: portalId, VALUE: text })).nullish();
const contact = z.object({ PHONE: list, EMAIL: list, WEB: list, IM: list, LINK: list });

const method = "crm.contact.get";

/**
 * The phones, e-mails and the like of contacts for which the newer methods leave them out, as on a box of 2024.
 * Contacts that the older method does not show either are missing. Throws Bitrix24Error if the portal does not answer.
 */
export async function readOlderEntries(batchRunner: BatchRunner, ids: number[]): Promise<Map<number, Entry[]>> {
  if (ids.length === 0) return new Map();
  const outcomes = await batchRunner.send(ids.map((id) => ({ kind: "read", method, params: { id } })));
  return new Map(
    ids.flatMap((id, place) => {
      const outcome = outcomes[place];
      if (!outcome) return [];
      if (!outcome.ok) {
        if (outcome.error.refusesCommand) return [];
        throw outcome.error;
      }
      const shown = parseAnswer(method, contact, outcome.value);
      const entries = types.flatMap((typeId) =>
        ((shown[typeId] ?? []) as { ID: number; VALUE: string }[]).map(({ ID, VALUE }) => ({
          id: ID,
          typeId,
          value: VALUE,
        })),
      );
      return [[id, entries] as const];
    }),
  );
}
