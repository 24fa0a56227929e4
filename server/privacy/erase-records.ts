import type { Erasure } from "../../prisma/generated/client";
import type { Marks } from "../bitrix24/marks";
import { deleteRecord, type OwnContact, type OwnDeal, writeRecords } from "../bitrix24/own-records";
import { type AcceptedUpdate, removeRemains } from "../bitrix24/remains";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { noteMade } from "../crm/recognise";
import type { Services } from "../services";
import { anonymiseContact, anonymiseDeals, unlinkDeals } from "./anonymise";
import { clearedFields } from "./cleared-fields";
import { erasedText } from "./erased-placeholders";
import { type ErasedRecords, readErased } from "./erased-records";
import { fittingDeals } from "./fitting-deals";
import { handOver, heirOf } from "./hand-over";
import { loggedOf, noteAttempt, onlyMade, type RecordIds } from "./made-for-erased";
import { refusalAlone } from "./refusal";
import { isTrace } from "./traces";
import { removeVisitAndMessage } from "./visit-and-message";

type Deps = Pick<Services, "db" | "bitrix24" | "log" | "env">;

/** What was done on the portal; `left`: records that we did not create, or that now belong to another person. */
export interface Counts {
  deleted: number;
  anonymised: number;
  left: number;
  /** Visits that may remain in Sales Intelligence. */
  traces?: number;
}

interface PersonsRecords {
  contacts: OwnContact[];
  deals: OwnDeal[];
}

/** What one attempt knows and has done. */
interface Attempt {
  own: PersonsRecords;
  /** Known contacts that could not be read. */
  unreadContacts: number[];
  /** Why a known record could not be read, or keeps the person's details. */
  unfinished: Bitrix24Error | undefined;
  cleared: Awaited<ReturnType<typeof clearedFields>>;
  counts: Counts;
  going: RecordIds;
  /** What earlier attempts have done, and this one. */
  anonymous: RecordIds;
  handedOver: number[];
  /** Anonymous deals that stay linked to a contact until it can be read. */
  linked: number[];
  accepted: AcceptedUpdate[];
}

/**
 * Deletes a person's records or makes them anonymous, and removes the visit and the message; `failures` tells why one
 * of those remains. Throws Bitrix24Error, also for a known record that the portal does not return or does not change: all
 * others have lost the person's details by then, and the attempt that finds no such record completes the erasure.
 */
export async function eraseRecords(
  deps: Deps,
  erasure: Erasure,
): Promise<{ counts: Counts; failures: Bitrix24Error[] }> {
  const { db, bitrix24 } = deps;
  const { mode, salt, traces, contactId } = erasure;
  const marks = await bitrix24.marks();
  const found = await readErased(bitrix24.batchRunner, marks, erasure);
  const done = loggedOf(erasure);
  const [unread] = found.unread;
  // Nothing could be noted of this attempt, and each one would write again over what managers change meanwhile.
  if (unread && done === null) throw unread.error;
  const own = await ownOf(deps, erasure, { marks, found });

  const failures = await removeVisitAndMessage(deps, erasure, own.deals);
  // The right to remove a visit ends with the deal: what would have to wait anyway comes before the deletion.
  if (mode === "delete")
    for (const error of failures) {
      const judged = await refusalAlone(bitrix24.client, error);
      if (judged.kind !== "refused") throw judged;
    }
  const { going } = found;
  const isDone = done?.anonymous?.contacts.includes(contactId ?? 0);
  const isStoredLeft = found.isStoredLost && !isDone && !going.contacts.includes(contactId ?? 0);
  const notOwn = found.contacts.length - own.contacts.length + found.deals.length - own.deals.length;
  const attempt: Attempt = {
    own,
    unreadContacts: found.unread.flatMap(({ kind, id }) => (kind === "contact" ? [id] : [])),
    unfinished: unread?.error,
    cleared: await clearedFields(deps, erasedText),
    counts: { deleted: 0, anonymised: 0, left: notOwn + found.unmarked + (isStoredLeft ? 1 : 0) },
    going,
    anonymous: done?.anonymous ?? { contacts: [], deals: [] },
    handedOver: done?.handedOver ?? [],
    linked: done?.linked ?? [],
    accepted: [],
  };
  await orRefused(attempt, () => eraseDeals(deps, erasure, attempt));
  for (const contact of own.contacts) await orRefused(attempt, () => eraseContact(deps, erasure, attempt, contact));
  const { accepted, anonymous, handedOver, linked, counts, unfinished } = attempt;
  if (accepted.length > 0)
    await removeRemains(bitrix24.batchRunner, accepted, (value) => isTrace(salt, traces, [value]));
  if (unfinished) {
    await noteAttempt(db, erasure, own, { anonymous, handedOver, linked });
    throw unfinished;
  }
  if (mode === "anonymise") counts.anonymised = anonymous.contacts.length + anonymous.deals.length;
  return { counts: { ...counts, deleted: going.contacts.length + going.deals.length }, failures };
}

/** What the portal refuses to do with one record leaves the erasure unfinished; the others lose the person's details. */
async function orRefused(attempt: Attempt, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Bitrix24Error) || !error.refusesItem) throw error;
    attempt.unfinished ??= error;
  }
}

async function eraseDeals(deps: Deps, erasure: Erasure, attempt: Attempt): Promise<void> {
  const { batchRunner } = deps.bitrix24;
  const { own, unreadContacts, anonymous, cleared, accepted } = attempt;
  const ids = own.deals.map(({ id }) => id);
  if (erasure.mode === "delete") return remove(deps, erasure, attempt, { kind: "deal", ids });
  const known = [...own.contacts.map(({ id }) => id), ...anonymous.contacts, ...attempt.handedOver];
  const isUnclear = ({ contactId }: OwnDeal) => contactId !== null && unreadContacts.includes(contactId);
  const left = own.deals.filter(({ id }) => !anonymous.deals.includes(id));
  const contacts = new Set([...known, ...unreadContacts]);
  const done = await anonymiseDeals(batchRunner, left, { contacts, cleared: cleared.deal });
  const finished = done.accepted.map(({ id }) => id);
  const foreign = own.deals.filter(
    (deal) => attempt.linked.includes(deal.id) && deal.contactId !== null && !contacts.has(deal.contactId),
  );
  accepted.push(...done.accepted, ...(await unlinkDeals(batchRunner, foreign, cleared.deal)));
  attempt.unfinished ??= done.refused[0];
  attempt.anonymous = { ...anonymous, deals: [...anonymous.deals, ...finished] };
  attempt.linked = own.deals
    .filter((deal) => isUnclear(deal) && attempt.anonymous.deals.includes(deal.id))
    .map(({ id }) => id);
}

async function eraseContact(deps: Deps, erasure: Erasure, attempt: Attempt, contact: OwnContact): Promise<void> {
  const { db, bitrix24 } = deps;
  const { batchRunner } = bitrix24;
  const { userId, mode, salt, traces } = erasure;
  const { own, anonymous, handedOver, going, counts, accepted } = attempt;
  const cleared = attempt.cleared.contact;
  const { id } = contact;
  if (handedOver.includes(id)) {
    counts.left += 1;
    return;
  }
  const heir = await heirOf(db, id);
  if (heir) {
    accepted.push(await handOver({ db, batchRunner }, contact, heir, { salt, traces, cleared }));
    // The contact is older than the heir, so that only the log says that it was made here.
    await noteMade(db, heir.id, { contactId: id });
    attempt.handedOver = [...handedOver, id];
    attempt.anonymous = { ...anonymous, contacts: anonymous.contacts.filter((emptied) => emptied !== id) };
    counts.left += 1;
    if (going.contacts.includes(id)) {
      // The portal refused to delete it before, and now it stays.
      going.contacts = going.contacts.filter((standing) => standing !== id);
      await noteAttempt(db, erasure, own, { going });
    }
    return;
  }
  // While a record is unfinished the contact is kept: it tells whose a deal is that the portal shows later.
  if (mode === "delete" && !attempt.unfinished) return remove(deps, erasure, attempt, { kind: "contact", ids: [id] });
  if (anonymous.contacts.includes(id)) return;
  accepted.push(await anonymiseContact(batchRunner, contact, { userId, cleared }));
  attempt.anonymous = { ...anonymous, contacts: [...anonymous.contacts, id] };
}

/** Of the records that were found, those that are the person's and were made here. */
async function ownOf(
  deps: Deps,
  erasure: Erasure,
  { marks, found }: { marks: Marks; found: ErasedRecords },
): Promise<PersonsRecords> {
  const { salt, traces, contactId, dealId } = erasure;
  const isTheirs = (contact: OwnContact) =>
    isTrace(salt, traces, [contact.name, contact.lastName, ...contact.fields.map(({ value }) => value)]);
  const logged = loggedOf(erasure);
  // After a database was replaced by an empty one, a user id can exist twice: the external id alone does not prove
  // whose the record is. One that an attempt has begun with has lost the person's details, and is known by its id.
  const begun = [contactId, ...(logged?.contacts ?? [])];
  const contacts = found.contacts.filter((contact) => begun.includes(contact.id) || isTheirs(contact));
  const known = {
    deals: [...(dealId === null ? [] : [dealId]), ...(logged?.deals ?? [])],
    contacts: new Set([...contacts.map(({ id }) => id), ...(contactId === null ? [] : [contactId])]),
  };
  const deals = await fittingDeals(deps.bitrix24.batchRunner, marks, found.deals, known);
  return onlyMade(deps, erasure, { contacts, deals });
}

/**
 * Notes the ids before deleting: if the answer is lost, the next attempt does not find the record and still counts it
 * as deleted.
 */
async function remove(
  { db, bitrix24: { batchRunner } }: Deps,
  erasure: Erasure,
  { own, going }: Attempt,
  { kind, ids }: { kind: "contact" | "deal"; ids: number[] },
): Promise<void> {
  if (ids.length === 0) return;
  going[`${kind}s`] = [...new Set([...going[`${kind}s`], ...ids])];
  await noteAttempt(db, erasure, own, { going });
  await writeRecords(
    batchRunner,
    ids.map((id) => deleteRecord(kind, id)),
  );
}
