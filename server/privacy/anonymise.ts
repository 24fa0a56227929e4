import { type OwnContact, type OwnDeal, updateRecord, writeRecords } from "../bitrix24/own-records";
import type { PortalCommand } from "../bitrix24/transport/batch";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { Bitrix24Error } from "../bitrix24/transport/error";

/** Makes records on the portal say nothing of the person they were made for. */

/** Stands in place of a name. In both languages, since the portal's is not known. */
const nobody = "Удалено / Erased";
/** Stands in place of a number: none that anybody could be called by, or found by. */
const noPhone = "0000000000";

export const noMarks = { utmSource: "", utmMedium: "", utmCampaign: "", utmContent: "", utmTerm: "" };
export const removed = (fields: OwnContact["fields"]) =>
  Object.fromEntries(fields.map(({ id, typeId }) => [id, { typeId, value: "" }]));

/** The deal stays for the books, without a word about the person; a contact that is not theirs is unlinked. */
const anonymousDeal = ({ id, contactId, originId }: OwnDeal, contacts: Set<number>) =>
  updateRecord("deal", id, {
    title: `${nobody} — ${originId}`,
    comments: "",
    ...noMarks,
    ...(contactId === null || contacts.has(contactId) ? {} : { contactIds: [] }),
  });

const anonymousContact = ({ id, fields }: OwnContact) =>
  updateRecord("contact", id, {
    name: nobody,
    lastName: "",
    secondName: "",
    post: "",
    comments: "",
    ...noMarks,
    fm: removed(fields),
  });

/**
 * Where the portal demands what is taken away, such as a phone or an e-mail, something that means nobody is put in its
 * place. Throws Bitrix24Error if the portal turns that down as well.
 */
async function orFilled(batchRunner: BatchRunner, empty: PortalCommand, filled: PortalCommand): Promise<void> {
  try {
    await writeRecords(batchRunner, [empty]);
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    await writeRecords(batchRunner, [filled]);
  }
}

export const anonymiseContact = (batchRunner: BatchRunner, contact: OwnContact, userId: number): Promise<void> =>
  orFilled(batchRunner, anonymousContact(contact), filledContact(contact, userId));

function filledContact({ id, fields }: OwnContact, userId: number): PortalCommand {
  const first = (typeId: string) => fields.find((field) => field.typeId === typeId);
  const put = (typeId: string, value: string) => {
    const kept = first(typeId);
    return kept ? { [kept.id]: { typeId, value } } : {};
  };
  return updateRecord("contact", id, {
    name: nobody,
    lastName: nobody,
    secondName: nobody,
    post: nobody,
    comments: nobody,
    ...noMarks,
    fm: { ...removed(fields), ...put("EMAIL", `erased-${userId}@erased.invalid`), ...put("PHONE", noPhone) },
  });
}

/** All of them in one request; those that are turned down one by one. */
export async function anonymiseDeals(batchRunner: BatchRunner, deals: OwnDeal[], contacts: Set<number>): Promise<void> {
  try {
    await writeRecords(
      batchRunner,
      deals.map((deal) => anonymousDeal(deal, contacts)),
    );
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    for (const deal of deals) await orFilled(batchRunner, anonymousDeal(deal, contacts), filledDeal(deal));
  }
}

/** A contact that is demanded stays linked: it is none of ours, and says nothing by that. */
const filledDeal = ({ id, originId }: OwnDeal): PortalCommand =>
  updateRecord("deal", id, { title: `${nobody} — ${originId}`, comments: nobody, ...noMarks });
