import { z } from "zod";
import { readEach } from "./deals";
import { contactType, dealType } from "./fields";
import { isUnread } from "./items";
import type { Marked } from "./marks";
import { listOf, optionalId, portalId, text, unproven, wholeText } from "./responses";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** An e-mail or phone of a contact. Its id allows to replace it; entries that an update does not name are kept. */
export interface Communication {
  id: number;
  typeId: string;
  valueType: string;
  value: string;
}

export interface CorrectableContact extends Marked {
  id: number;
  name: string;
  lastName: string;
  fields: Communication[];
}

export interface CorrectableDeal extends Marked {
  id: number;
  title: string;
  comments: string;
  contactId: number | null;
}

const communication = z.object({ id: portalId, typeId: text, valueType: text, value: text });
const mark = { id: portalId, originatorId: text, originId: text };
const contactItem = z
  .object({ ...mark, name: text, lastName: text, fm: listOf(communication).nullish() })
  .transform(({ fm, ...contact }): CorrectableContact => ({ ...contact, fields: fm ?? [] }));
const dealItem = z.object({ ...mark, title: text, comments: wholeText, contactId: optionalId });

export interface Correctable {
  contacts: Map<number, CorrectableContact>;
  deals: Map<number, CorrectableDeal>;
  /** Records that the portal does not return, with the error: what they hold is unknown. */
  unread: { contacts: Map<number, Bitrix24Error>; deals: Map<number, Bitrix24Error> };
}

/**
 * Reads the present state of these contacts and deals, up to fifty in a request. Records that are gone, or closed to
 * the webhook's owner, are missing. Throws Bitrix24Error.
 */
export async function readCorrectable(
  batchRunner: BatchRunner,
  { contactIds, dealIds }: { contactIds: number[]; dealIds: number[] },
): Promise<Correctable> {
  const read = async <T extends z.ZodType<{ id: number }>>(entityTypeId: number, ids: number[], item: T) => {
    const found = new Map<number, z.output<T>>();
    const unread = new Map<number, Bitrix24Error>();
    for (const [id, record] of await readEach(batchRunner, entityTypeId, ids)) {
      if (isUnread(record)) unread.set(id, record);
      if (record instanceof Bitrix24Error) continue;
      const parsed = item.safeParse(record);
      if (parsed.success) found.set(id, parsed.data);
      else unread.set(id, unproven("crm.item.get", { cause: parsed.error }));
    }
    return { found, unread };
  };
  const contacts = await read(contactType, contactIds, contactItem);
  const deals = await read(dealType, dealIds, dealItem);
  return {
    contacts: contacts.found,
    deals: deals.found,
    unread: { contacts: contacts.unread, deals: deals.unread },
  };
}
