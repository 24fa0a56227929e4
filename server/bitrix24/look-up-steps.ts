import type { Logger } from "../platform/log";
import type { KnownPerson } from "./existing-records";
import { lookUpStep, type Step } from "./progress";

/** The look-up's results for the log and the users' rows. */
export const lookUpSteps = (people: KnownPerson[], durationMs: number): Step[] =>
  people.map(({ userId, existing, rowUncertain }) => {
    const { match, contactId, contactBy, dealId, deal, dropped, barred, found } = existing;
    return {
      userId,
      method: lookUpStep,
      step: lookUpStep,
      outcome: barred ? "NO" : "OK",
      ...(barred ? { code: barred.code } : {}),
      durationMs,
      dropContact: dropped.contact,
      dropDeal: dropped.deal,
      // An existing contact is linked in the next phase; records that were created here count at once.
      ...(contactId && !match ? { contactId, contactBy } : {}),
      ...(dealId ? { dealId } : {}),
      ...(dealId && rowUncertain ? { rowUncertain } : {}),
      ...(dealId && deal?.assignedById ? { responsibleId: deal.assignedById } : {}),
      ...(found.contactId || found.dealId ? { found } : {}),
    };
  });

/**
 * Logs what an administrator may ask about: a choice among several contacts, and stored ids that named other people's
 * records.
 */
export function logFound(log: Logger, people: KnownPerson[]): void {
  for (const { userId, existing } of people) {
    const { match, contactId, dropped } = existing;
    if (match && match.candidates > 1)
      log.info(
        { userId, contactId, by: match.by, candidates: match.candidates },
        "several contacts fit: the oldest is linked",
      );
    if (dropped.contact || dropped.deal)
      log.warn({ userId, ...dropped }, "the stored ids belong to records of other people and were dropped");
  }
}
