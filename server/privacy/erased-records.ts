import type { Erasure } from "../../prisma/generated/client";
import type { Marks } from "../bitrix24/marks";
import {
  isMarkedFor,
  type OwnContact,
  type OwnDeal,
  readMarked,
  readStanding,
  type UnreadRecord,
} from "../bitrix24/own-records";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { loggedOf, type RecordIds } from "./made-for-erased";

/** What stands on the portal of an erased person; whether it was made here is not judged yet. */
export interface ErasedRecords {
  contacts: OwnContact[];
  deals: OwnDeal[];
  /** Whether the stored contact is gone, or bears no external id of this installation any more. */
  isStoredLost: boolean;
  /** How many records that are known by their id bear another external id now, or none. */
  unmarked: number;
  /**
   * Known records that could not be read. They may hold the person's details, so the erasure is not complete without them;
   * none of those that an earlier attempt has done with.
   */
  unread: UnreadRecord[];
  /** Those that the portal was asked to delete before, without ones that stand under another external id. */
  going: RecordIds;
}

/**
 * Reads the person's records by their external id, and those that the list has left out by their known ids: a list hides what
 * the webhook's owner may not see, and what has lost its external id, and the person's details would stay there unnoticed.
 * Throws Bitrix24Error if the portal does not answer.
 */
export async function readErased(
  batchRunner: BatchRunner,
  marks: Marks,
  erasure: Pick<Erasure, "userId" | "contactId" | "dealId" | "made" | "mode">,
): Promise<ErasedRecords> {
  const { userId, contactId, dealId } = erasure;
  const listed = await readMarked(batchRunner, marks, userId);
  const made = loggedOf(erasure);
  const isDone = ({ kind, id }: UnreadRecord) =>
    (made?.handedOver?.includes(id) && kind === "contact") ||
    (erasure.mode === "anonymise" && made?.anonymous?.[`${kind}s`].includes(id));
  const unlisted = await readStanding(batchRunner, {
    contacts: notIn(listed.contacts, [...(contactId === null ? [] : [contactId]), ...(made?.contacts ?? [])]),
    deals: notIn(listed.deals, [...(dealId === null ? [] : [dealId]), ...(made?.deals ?? [])]),
  });
  const isTheirs = isMarkedFor(marks, userId);
  const isOurs = ({ originatorId }: OwnContact) => [marks.own, marks.legacy, ...marks.former].includes(originatorId);
  // The stored contact may have another person's external id by now, see hand-over.ts.
  const theirs = unlisted.contacts.filter(
    (contact) => isTheirs(contact) || (contact.id === contactId && isOurs(contact)),
  );
  const contacts = [...listed.contacts, ...theirs];
  const isStored = ({ id }: OwnContact) => id === contactId;
  const unmarked = {
    contacts: unlisted.contacts.filter((contact) => !isStored(contact) && !isTheirs(contact)),
    deals: unlisted.deals.filter((deal) => !isTheirs(deal)),
  };
  return {
    contacts,
    deals: [...listed.deals, ...unlisted.deals.filter(isTheirs)],
    isStoredLost: contactId !== null && !contacts.some(isStored),
    unmarked: unmarked.contacts.length + unmarked.deals.length,
    unread: unlisted.unread.filter((record) => !isDone(record)),
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
