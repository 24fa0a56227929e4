import { contactType, dealType } from "../bitrix24/fields";
import { readContacts, readDealMarks } from "../bitrix24/look-up";
import { isMarkedFor } from "../bitrix24/own-records";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { Tx } from "../database/db";
import type { Services } from "../services";
import { ofThisPortal } from "./made-deals";
import { makingMethods } from "./making-methods";

/** Portal ids of contacts and deals. */
export interface MadeRecords {
  contacts: number[];
  deals: number[];
}

/**
 * Contacts and deals that this database's log says were created for a person. Only these may be removed from the
 * portal: an external id may be another installation's, and a stored id may name a customer's contact that was only
 * linked.
 */
export async function loggedRecords(db: Tx, userId: number): Promise<MadeRecords> {
  const steps = await db.crmLog.findMany({
    where: {
      userId,
      outcome: "OK",
      method: { in: makingMethods },
      ...(await ofThisPortal(db)),
    },
    select: { contactId: true, dealId: true },
  });
  return {
    contacts: [...new Set(steps.flatMap((step) => step.contactId ?? []))],
    deals: [...new Set(steps.flatMap((step) => step.dealId ?? []))],
  };
}

/** Contacts that this database's log says were created for these people. */
export async function loggedContacts(db: Tx, userIds: number[]): Promise<{ userId: number; contactId: number }[]> {
  const steps = await db.crmLog.findMany({
    where: {
      userId: { in: userIds },
      outcome: "OK",
      method: { in: makingMethods },
      contactId: { not: null },
    },
    select: { userId: true, contactId: true },
  });
  return steps.flatMap(({ userId, contactId }) => (contactId === null ? [] : [{ userId, contactId }]));
}

/**
 * Of the records that the log says were created for a person, those that still exist on the portal with this
 * installation's external id. Contacts that are linked to other registrations as well are left out. Throws
 * Bitrix24Error.
 */
export async function madeRecords(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  userId: number,
): Promise<MadeRecords> {
  const logged = await loggedRecords(db, userId);
  const isOurs = isMarkedFor(await bitrix24.marks(), userId);
  const shared = await db.user.findMany({
    where: { bitrix24ContactId: { in: logged.contacts }, id: { not: userId } },
    select: { bitrix24ContactId: true },
    distinct: ["bitrix24ContactId"],
  });
  const alone = logged.contacts.filter((id) => !shared.some((other) => other.bitrix24ContactId === id));
  const contacts = await readContacts(bitrix24.batchRunner, alone);
  const deals = await readDealMarks(bitrix24.batchRunner, logged.deals);
  return {
    contacts: contacts.filter(isOurs).map(({ id }) => id),
    deals: deals.filter(isOurs).map(({ id }) => id),
  };
}

/**
 * Removes from the portal the records that were created there for a person, and no others. Safe to repeat. Throws
 * Bitrix24Error if the portal refuses.
 */
export async function removeMadeRecords(
  services: Pick<Services, "db" | "bitrix24">,
  userId: number,
): Promise<{ deals: number; contacts: number }> {
  const { contacts, deals } = await madeRecords(services, userId);
  await removeAll(services, dealType, deals);
  await removeAll(services, contactType, contacts);
  return { deals: deals.length, contacts: contacts.length };
}

async function removeAll(
  { bitrix24: { client } }: Pick<Services, "bitrix24">,
  entityTypeId: number,
  ids: number[],
): Promise<void> {
  if (ids.length === 0) return;
  const method = "crm.item.delete";
  const outcomes = await client.batch(ids.map((id) => ({ method, params: { entityTypeId, id } })));
  for (const outcome of outcomes) if (!outcome.ok && !isGone(outcome.error)) throw outcome.error;
}

/** The record was deleted on the portal meanwhile. */
export const isGone = (error: unknown): boolean => error instanceof Bitrix24Error && error.code === "NOT_FOUND";
