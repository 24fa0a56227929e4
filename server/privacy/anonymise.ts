import { type OwnContact, type OwnDeal, updateRecord, writeRecords } from "../bitrix24/own-records";
import type { PortalCommand } from "../bitrix24/transport/batch";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { ClearedFields } from "./cleared-fields";

/** Removes all personal data from the portal's records of a person. */

/** Replaces a name. In both languages, since the portal's language is not known. */
export const nobody = "Удалено / Erased";
/** Replaces a phone number that the portal demands. It can be neither called nor matched. */
const noPhone = "0000000000";

export const noMarks = { utmSource: "", utmMedium: "", utmCampaign: "", utmContent: "", utmTerm: "" };
export const removed = (fields: OwnContact["fields"]) =>
  Object.fromEntries(fields.map(({ id, typeId }) => [id, { typeId, value: "" }]));

/** The deal stays for accounting, without personal data. A contact that is not the person's is unlinked. */
const anonymousDeal = ({ id, contactId, originId }: OwnDeal, contacts: Set<number>, cleared: ClearedFields) =>
  updateRecord("deal", id, {
    ...cleared.empty,
    title: `${nobody} — ${originId}`,
    comments: "",
    sourceDescription: "",
    ...noMarks,
    ...(contactId === null || contacts.has(contactId) ? {} : { contactIds: [] }),
  });

const anonymousContact = ({ id, fields }: OwnContact, cleared: ClearedFields) =>
  updateRecord("contact", id, {
    ...cleared.empty,
    name: nobody,
    lastName: "",
    secondName: "",
    post: "",
    comments: "",
    ...noMarks,
    fm: removed(fields),
  });

/**
 * Clears the fields. If the portal demands one of them, such as phone or e-mail, a meaningless value replaces it.
 * Throws Bitrix24Error if the portal rejects that as well.
 */
export async function orFilled(batchRunner: BatchRunner, empty: PortalCommand, filled: PortalCommand): Promise<void> {
  try {
    await writeRecords(batchRunner, [empty]);
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    await writeRecords(batchRunner, [filled]);
  }
}

export const anonymiseContact = (
  batchRunner: BatchRunner,
  contact: OwnContact,
  { userId, cleared }: { userId: number; cleared: ClearedFields },
): Promise<void> => orFilled(batchRunner, anonymousContact(contact, cleared), filledContact(contact, userId, cleared));

function filledContact({ id, fields }: OwnContact, userId: number, cleared: ClearedFields): PortalCommand {
  const first = (typeId: string) => fields.find((field) => field.typeId === typeId);
  const put = (typeId: string, value: string) => {
    const kept = first(typeId);
    return kept ? { [kept.id]: { typeId, value } } : {};
  };
  return updateRecord("contact", id, {
    ...cleared.filled,
    name: nobody,
    lastName: nobody,
    secondName: nobody,
    post: nobody,
    comments: nobody,
    ...noMarks,
    fm: { ...removed(fields), ...put("EMAIL", `erased-${userId}@erased.invalid`), ...put("PHONE", noPhone) },
  });
}

/** All of them in one request; rejected ones are repeated one by one. */
export async function anonymiseDeals(
  batchRunner: BatchRunner,
  deals: OwnDeal[],
  { contacts, cleared }: { contacts: Set<number>; cleared: ClearedFields },
): Promise<void> {
  try {
    await writeRecords(
      batchRunner,
      deals.map((deal) => anonymousDeal(deal, contacts, cleared)),
    );
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    for (const deal of deals)
      await orFilled(batchRunner, anonymousDeal(deal, contacts, cleared), filledDeal(deal, cleared));
  }
}

/** If the portal demands a contact, the foreign contact stays linked: the link reveals nothing about the person. */
const filledDeal = ({ id, originId }: OwnDeal, cleared: ClearedFields): PortalCommand =>
  updateRecord("deal", id, {
    ...cleared.filled,
    sourceDescription: "",
    title: `${nobody} — ${originId}`,
    comments: nobody,
    ...noMarks,
  });
