import type { ExistingRecords, FoundRecords, KnownPerson } from "./existing-records";
import { judge } from "./judge-existing";
import { lookUp, readDealsFor } from "./look-up";
import { usersToAsk, withLostDeals } from "./lost-deals";
import type { Marks } from "./marks";
import { dealRemoved } from "./ownership-errors";
import { type Person, userIdOf } from "./person";
import type { ProgressPort } from "./progress";
import type { FoundDeal } from "./responses";
import type { BatchRunner } from "./transport/batch-runner";

/** The second judgement, with what the first one has found and dropped. */
const afterDropping = (before: ExistingRecords, existing: ExistingRecords): ExistingRecords => ({
  ...existing,
  dropped: before.dropped,
  found: { ...before.found, ...existing.found },
});

/** The stored deal is gone, and no other one was found. */
const isWithoutDeal = (existing: ExistingRecords | undefined): boolean =>
  existing?.dropped.deal === true && existing.dealId === null && existing.barred === null;

/**
 * A deal that is found although no deal was sent for the person was made in a state of this database that was lost: nothing
 * tells what has become of its product row.
 */
const isRowUncertain = ({ dealId, sentProduct, rowUncertain }: Person, existing: ExistingRecords): boolean =>
  existing.dealId !== null && ((rowUncertain && !existing.dropped.deal) || (dealId === null && sentProduct === null));

/** Whether a contact is going to be created for the person. */
const getsContact = ({ contactId, existing }: KnownPerson): boolean => contactId === null && existing.barred === null;

/** The stored id is kept: by it the comparison lists the deal as deleted. */
const keepRemoved = (existing: ExistingRecords, { dealId }: Person): ExistingRecords => ({
  ...existing,
  dealId,
  dropped: { ...existing.dropped, deal: false },
  barred: dealRemoved(),
});

/** The deals with the external ids of people who are without one: mostly none. */
function dealsByMark(people: Person[], { deals }: FoundRecords): FoundDeal[] {
  const without = new Set(people.filter(({ dealId }) => dealId === null).map(({ userId }) => userId));
  return [...deals.values()].filter(({ originId }) => without.has(userIdOf(originId) ?? 0));
}

/**
 * Finds each person's contact and deal. A record found by external id counts only if it also fits the person, by
 * e-mail, phone or the deal's contacts, and is neither older than the person nor certainly a copy. A record of a stored id
 * counts only if its external id or the person still fits: in a restored database, or on another portal, the same ids name
 * other people's records. If several records fit (a request took effect after the quarantine), the oldest counts. Throws
 * Bitrix24Error.
 */
export async function findExisting(
  batchRunner: BatchRunner,
  marks: Marks,
  people: Person[],
  progress: Pick<ProgressPort, "findLost" | "findCopies" | "findRemoved" | "noteHidden">,
): Promise<KnownPerson[]> {
  const judged = new Map<number, ExistingRecords>();
  const unproved = new Set<number>();
  const hidden = new Set<number>();
  for (let asked = people; asked.length > 0; ) {
    const records = await lookUp(batchRunner, marks, asked);
    for (const contactId of records.hidden) hidden.add(contactId);
    const copies = await progress.findCopies(dealsByMark(asked, records));
    for (const dealId of copies.possible) unproved.add(dealId);
    const again: Person[] = [];
    for (const person of asked) {
      const existing = judge(person, marks, records, copies);
      const before = judged.get(person.userId);
      judged.set(person.userId, before ? afterDropping(before, existing) : existing);
      // The stored ids are no longer valid: these people are looked up again as people without ids.
      const { dropped, contactId, contactBy, dealId } = existing;
      if (!before && (dropped.contact || dropped.deal)) again.push({ ...person, contactId, contactBy, dealId });
    }
    asked = again;
  }
  const without = people.filter(({ userId }) => isWithoutDeal(judged.get(userId)));
  const removed =
    without.length > 0 ? await progress.findRemoved(without.map(({ userId }) => userId)) : new Set<number>();
  const known = people.map((person): KnownPerson => {
    const found = judged.get(person.userId) as ExistingRecords;
    const existing = isWithoutDeal(found) && removed.has(person.userId) ? keepRemoved(found, person) : found;
    const { contactId, contactBy, dealId } = existing;
    const rowUncertain = isRowUncertain(person, existing) || (dealId !== null && unproved.has(dealId));
    return { ...person, contactId, contactBy, dealId, existing, rowUncertain };
  });
  // Where every person was recognised, no second contact is created.
  if (hidden.size > 0 && known.some(getsContact)) await progress.noteHidden([...hidden]);
  const asked = usersToAsk(known, marks);
  if (asked.length === 0) return known;
  const deals = await readDealsFor(batchRunner, marks, asked);
  return withLostDeals(known, marks, { deals, lost: await progress.findLost(deals) });
}
