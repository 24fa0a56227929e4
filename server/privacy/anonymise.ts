import { type OwnContact, type OwnDeal, updateRecord, writeRecords } from "../bitrix24/own-records";
import type { AcceptedUpdate } from "../bitrix24/remains";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { ClearedFields } from "./cleared-fields";
import { erasedEmail, erasedPhone, erasedText } from "./erased-placeholders";

/** Removes all personal data from the portal's records of a person. */

export const noTags = { utmSource: "", utmMedium: "", utmCampaign: "", utmContent: "", utmTerm: "" };
export const removed = (fields: OwnContact["fields"]) =>
  Object.fromEntries(fields.map(({ id, typeId }) => [id, { typeId, value: "" }]));

/** What is written over the fields that keep their values although they are sent empty. */
const insteadOf = (cleared: ClearedFields): Fields => ({
  ...Object.fromEntries(
    ["lastName", "secondName", "post", "comments", "sourceDescription", ...Object.keys(noTags)].map((name) => [
      name,
      erasedText,
    ]),
  ),
  ...cleared.instead,
});

type Fields = Record<string, unknown>;

/** A change to a record that stays, with what tells later whether the portal has carried it out. */
export const changeOf = (
  kind: AcceptedUpdate["kind"],
  record: OwnContact | OwnDeal,
  cleared: ClearedFields,
  fields: Fields,
): AcceptedUpdate => ({
  kind,
  id: record.id,
  fields,
  entries: "fields" in record ? record.fields : [],
  before: record.stored,
  places: cleared.places,
  instead: insteadOf(cleared),
});

/** The deal stays for accounting, without personal data. A contact that is not the person's is unlinked. */
const anonymousDeal = (deal: OwnDeal, contacts: Set<number>, cleared: ClearedFields): AcceptedUpdate =>
  changeOf("deal", deal, cleared, {
    ...cleared.empty,
    title: `${erasedText} — ${deal.originId}`,
    comments: "",
    sourceDescription: "",
    ...noTags,
    ...(deal.contactId === null || contacts.has(deal.contactId) ? {} : { contactIds: [] }),
  });

const anonymousContact = (contact: OwnContact, cleared: ClearedFields): AcceptedUpdate =>
  changeOf("contact", contact, cleared, {
    ...cleared.empty,
    name: erasedText,
    lastName: "",
    secondName: "",
    post: "",
    comments: "",
    ...noTags,
    fm: removed(contact.fields),
  });

const commandOf = ({ kind, id, fields }: AcceptedUpdate) => updateRecord(kind, id, fields);

/**
 * Clears the fields. If the portal demands one of them, such as phone or e-mail, a meaningless value replaces it.
 * Returns what the portal has accepted; whether it has done so, only a reading tells: see server/bitrix24/remains.ts.
 * Throws Bitrix24Error if the portal rejects that as well.
 */
export async function orFilled(
  batchRunner: BatchRunner,
  empty: AcceptedUpdate,
  filled: Fields,
): Promise<AcceptedUpdate> {
  try {
    await writeRecords(batchRunner, [commandOf(empty)]);
    return empty;
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    const update = { ...empty, fields: filled };
    await writeRecords(batchRunner, [commandOf(update)]);
    return update;
  }
}

export const anonymiseContact = (
  batchRunner: BatchRunner,
  contact: OwnContact,
  { userId, cleared }: { userId: number; cleared: ClearedFields },
): Promise<AcceptedUpdate> =>
  orFilled(batchRunner, anonymousContact(contact, cleared), filledContact(contact, userId, cleared));

function filledContact({ fields }: OwnContact, userId: number, cleared: ClearedFields): Fields {
  const first = (typeId: string) => fields.find((field) => field.typeId === typeId);
  const put = (typeId: string, value: string) => {
    const kept = first(typeId);
    return kept ? { [kept.id]: { typeId, value } } : {};
  };
  return {
    ...cleared.filled,
    name: erasedText,
    lastName: erasedText,
    secondName: erasedText,
    post: erasedText,
    comments: erasedText,
    ...noTags,
    fm: { ...removed(fields), ...put("EMAIL", erasedEmail(userId)), ...put("PHONE", erasedPhone) },
  };
}

/** All of them in one request; rejected ones are repeated one by one. `refused`: why the portal keeps some as they are. */
export async function anonymiseDeals(
  batchRunner: BatchRunner,
  deals: OwnDeal[],
  { contacts, cleared }: { contacts: Set<number>; cleared: ClearedFields },
): Promise<{ accepted: AcceptedUpdate[]; refused: Bitrix24Error[] }> {
  const updates = deals.map((deal) => anonymousDeal(deal, contacts, cleared));
  const refused: Bitrix24Error[] = [];
  try {
    await writeRecords(batchRunner, updates.map(commandOf));
    return { accepted: updates, refused };
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    const accepted: AcceptedUpdate[] = [];
    for (const [place, update] of updates.entries())
      try {
        accepted.push(await orFilled(batchRunner, update, filledDeal(deals[place] as OwnDeal, cleared)));
      } catch (refusal) {
        if (!(refusal instanceof Bitrix24Error) || !refusal.refusesItem) throw refusal;
        refused.push(refusal);
      }
    return { accepted, refused };
  }
}

/** Takes the contact from deals that are anonymous already; nothing else in them is written. */
export async function unlinkDeals(
  batchRunner: BatchRunner,
  deals: OwnDeal[],
  cleared: ClearedFields,
): Promise<AcceptedUpdate[]> {
  const updates = deals.map((deal) => changeOf("deal", deal, cleared, { contactIds: [] }));
  await writeRecords(batchRunner, updates.map(commandOf));
  return updates;
}

/** If the portal demands a contact, the foreign contact stays linked: the link reveals nothing about the person. */
const filledDeal = ({ originId }: OwnDeal, cleared: ClearedFields): Fields => ({
  ...cleared.filled,
  sourceDescription: "",
  title: `${erasedText} — ${originId}`,
  comments: erasedText,
  ...noTags,
});
