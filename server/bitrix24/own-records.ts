import { z } from "zod";
import { readEach } from "./deals";
import { contactType, dealType, entityTypes } from "./fields";
import type { PortalItem } from "./items";
import { claimOf, everyMark, isOwn, type Marked, type Marks } from "./marks";
import { type Entry, entryList, readOlderEntries } from "./older-entries";
import { unconfirmed } from "./ownership-errors";
import { originId } from "./person";
import type { Dated } from "./portal-clock";
import { updateMethod } from "./progress";
import type { Recurring } from "./recurring";
import { createdTime, flag, listOf, optionalId, parseAnswer, portalId, text } from "./responses";
import type { PortalCommand } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/**
 * Records with this installation's external id, in their present state: for changing or removing a person's records.
 */

export interface OwnContact extends Marked, Dated {
  id: number;
  name: string;
  lastName: string;
  fields: Entry[];
  /** All that the portal has told of it. */
  stored: PortalItem;
}

export interface OwnDeal extends Marked, Dated, Recurring {
  id: number;
  contactId: number | null;
  /** All that the portal has told of it. */
  stored: PortalItem;
}

const marked = { id: portalId, originatorId: text, originId: text, createdTime };
const contactItem = z
  .looseObject({
    ...marked,
    name: text,
    lastName: text,
    fm: entryList,
  })
  .transform((stored) => ({ ...stored, stored }));
const dealItem = z
  .looseObject({ ...marked, contactId: optionalId, isRecurring: flag })
  .transform((stored) => ({ ...stored, stored }));

const items = <T extends z.ZodType>(item: T) => z.object({ items: listOf(item) });

type ContactItem = z.output<typeof contactItem>;

/** Where the newer methods do not tell phones and e-mails, the older one is asked. */
async function toContacts(batchRunner: BatchRunner, contacts: ContactItem[]): Promise<OwnContact[]> {
  const lacking = contacts.filter(({ fm }) => !fm).map(({ id }) => id);
  const older = await readOlderEntries(batchRunner, lacking);
  return contacts.map(({ fm, ...contact }) => ({
    ...contact,
    fields: (fm as OwnContact["fields"] | null | undefined) ?? older.get(contact.id) ?? [],
  }));
}

const byMark = (entityTypeId: number, marks: Marks, userId: number): PortalCommand => ({
  kind: "read",
  method: "crm.item.list",
  params: {
    entityTypeId,
    filter: { "@originatorId": everyMark(marks), "=originId": originId(userId) },
    select: ["*"],
    order: { id: "ASC" },
    start: -1,
  },
});

/**
 * Whether a record has the person's external id. Throws Bitrix24Error while an administrator has not answered whether that is
 * another installation's.
 */
export const isMarkedFor =
  (marks: Marks, userId: number) =>
  (item: Marked): boolean => {
    const claim = claimOf(marks, item, userId);
    if (claim === "held") throw unconfirmed();
    return isOwn(claim);
  };

/**
 * All contacts and deals with the person's external id; the caller checks whether they fit the person. Throws
 * Bitrix24Error, also while an administrator has not answered whether the external id is another installation's.
 */
export async function readMarked(
  batchRunner: BatchRunner,
  marks: Marks,
  userId: number,
): Promise<{ contacts: OwnContact[]; deals: OwnDeal[] }> {
  const [contacts, deals] = await batchRunner.read([
    byMark(contactType, marks, userId),
    byMark(dealType, marks, userId),
  ]);
  // A portal that does not know the filter would return all records.
  const isOurs = isMarkedFor(marks, userId);
  return {
    contacts: await toContacts(
      batchRunner,
      parseAnswer("crm.item.list", items(contactItem), contacts).items.filter(isOurs),
    ),
    deals: parseAnswer("crm.item.list", items(dealItem), deals).items.filter(isOurs),
  };
}

/** A record that the portal does not return: nothing tells what it holds. */
export interface UnreadRecord {
  kind: "contact" | "deal";
  id: number;
  error: Bitrix24Error;
}

/**
 * These contacts and deals, whatever external id they have. Ones that are gone are missing. Throws Bitrix24Error if the portal
 * does not answer.
 */
export async function readStanding(
  batchRunner: BatchRunner,
  ids: { contacts: number[]; deals: number[] },
): Promise<{ contacts: OwnContact[]; deals: OwnDeal[]; unread: UnreadRecord[] }> {
  const unread: UnreadRecord[] = [];
  const read = async <T extends z.ZodType>(kind: UnreadRecord["kind"], item: T, wanted: number[]) =>
    [...(await readEach(batchRunner, entityTypes[kind], wanted))].flatMap(([id, record]) => {
      if (!(record instanceof Bitrix24Error)) return [parseAnswer("crm.item.get", item, record)];
      unread.push({ kind, id, error: record });
      return [];
    });
  const deals = await read("deal", dealItem, ids.deals);
  const contacts = await toContacts(batchRunner, await read("contact", contactItem, ids.contacts));
  return { contacts, deals, unread };
}

export const updateRecord = (kind: "contact" | "deal", id: number, fields: Record<string, unknown>): PortalCommand => ({
  kind: `${kind}.update`,
  method: updateMethod,
  params: { entityTypeId: entityTypes[kind], id, fields },
});

export const deleteRecord = (kind: "contact" | "deal", id: number): PortalCommand => ({
  kind: `${kind}.delete`,
  method: "crm.item.delete",
  params: { entityTypeId: entityTypes[kind], id },
});

/** Sends writes; a write whose record no longer exists counts as done. Throws the first other failure. */
export async function writeRecords(batchRunner: BatchRunner, commands: PortalCommand[]): Promise<void> {
  for (const outcome of await batchRunner.send(commands))
    if (!outcome.ok && outcome.error.code !== "NOT_FOUND") throw outcome.error;
}
