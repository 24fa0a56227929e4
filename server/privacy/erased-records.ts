import type { Erasure } from "../../prisma/generated/client";
import type { Marks } from "../bitrix24/marks";
import {
  isMarkedFor,
  type OwnContact,
  type OwnDeal,
  readMarked,
  readOwnContact,
  readStanding,
} from "../bitrix24/own-records";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { loggedOf, type RecordIds } from "./made-for-erased";

/** What stands on the portal of an erased person; whether it was made here is not judged yet. */
interface ErasedRecords {
  contacts: OwnContact[];
  deals: OwnDeal[];
  /** Whether the stored contact is gone, or bears no external id of this installation any more. */
  isStoredLost: boolean;
  /** How many records that are known by their id bear another external id now, or none. */
  unmarked: number;
  /** Those that the portal was asked to delete before, without ones that stand under another external id. */
  going: RecordIds;
}

/**
 * Reads the person's records by their external id, and those that the list has left out by their known ids: a list hides what
 * the webhook's owner may not see, and what has lost its external id, and the person's details would stay there unnoticed.
 * Throws Bitrix24Error, also for a known record that is closed to the webhook's owner: the erasure is retried until it is not.
 */
export async function readErased(
  batchRunner: BatchRunner,
  marks: Marks,
  erasure: Pick<Erasure, "userId" | "contactId" | "dealId" | "made">,
): Promise<ErasedRecords> {
  const { userId, contactId, dealId } = erasure;
  const listed = await readMarked(batchRunner, marks, userId);
  // A contact that we created may now have another person's external id, see hand-over.ts.
  const stored = contactId === null ? null : await readOwnContact(batchRunner, marks, contactId);
  const made = loggedOf(erasure);
  const unlisted = await readStanding(batchRunner, {
    contacts: notIn(listed.contacts, made?.contacts ?? []).filter((id) => id !== contactId),
    deals: notIn(listed.deals, [...(dealId === null ? [] : [dealId]), ...(made?.deals ?? [])]),
  });
  const isTheirs = isMarkedFor(marks, userId);
  const contacts = [...listed.contacts, ...unlisted.contacts.filter(isTheirs)];
  const unmarked = {
    contacts: unlisted.contacts.filter((contact) => !isTheirs(contact)),
    deals: unlisted.deals.filter((deal) => !isTheirs(deal)),
  };
  return {
    contacts: stored && !contacts.some(({ id }) => id === stored.id) ? [...contacts, stored] : contacts,
    deals: [...listed.deals, ...unlisted.deals.filter(isTheirs)],
    isStoredLost: contactId !== null && !stored,
    unmarked: unmarked.contacts.length + unmarked.deals.length,
    going: {
      contacts: notIn(unmarked.contacts, made?.going?.contacts ?? []),
      deals: notIn(unmarked.deals, made?.going?.deals ?? []),
    },
  };
}

function notIn(records: { id: number }[], ids: number[]): number[] {
  const seen = new Set(records.map(({ id }) => id));
  return ids.filter((id) => !seen.has(id));
}
