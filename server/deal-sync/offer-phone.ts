import { readContacts } from "../bitrix24/look-up";
import { fitsBy, givesPhone } from "../bitrix24/match-contact";
import { runPhase } from "../bitrix24/run-phase";
import { givePhone, type Task } from "../bitrix24/tasks";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { hasWithdrawn } from "../consents/withdrawn";
import { createProgressStore } from "../crm/progress-store";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";

/**
 * Adds the person's phone to contacts that were linked by an e-mail which the person has confirmed since, if the
 * contact has no phone. Each contact is checked once; that of a person who has withdrawn the consent, once it is given
 * again. Returns the people to retry, with the error. Throws Bitrix24Error if the contacts cannot be read.
 */
export async function offerPhones(
  deps: Pick<Services, "db" | "pool" | "bitrix24" | "log" | "env">,
  rows: DealRow[],
): Promise<Map<number, Bitrix24Error>> {
  const confirmed = rows.filter((row) => row.contactBy === "email" && row.emailConfirmed);
  if (confirmed.length === 0) return new Map();
  const withdrawn = await deps.db.user.findMany({
    where: { id: { in: confirmed.map(({ userId }) => userId) }, ...hasWithdrawn },
    select: { id: true },
  });
  const due = confirmed.filter(({ userId }) => !withdrawn.some(({ id }) => id === userId));
  if (due.length === 0) return new Map();
  const { batchRunner } = deps.bitrix24;
  const contacts = await readContacts(
    batchRunner,
    due.flatMap((row) => row.contactId ?? []),
  );
  const tasks = due.flatMap((row): Task<DealRow>[] => {
    const contact = contacts.find(({ id }) => id === row.contactId);
    // The e-mail has changed on one side since; the new one was never confirmed.
    if (!contact || fitsBy(contact, row) !== "email") return [];
    if (givesPhone(row, { contact, by: "email" })) return [givePhone(row, contact.id)];
    return [{ person: row, command: null, result: { contactBy: "confirmed" } }];
  });
  const progress = createProgressStore(deps);
  const { failed } = await runPhase({ batchRunner, progress, log: deps.log }, tasks);
  return new Map(failed.map(({ person, error }) => [person.userId, error]));
}
