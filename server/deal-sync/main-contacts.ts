import { type PortalDeal, readEach } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { assertRead, isUnread } from "../bitrix24/items";
import { readContacts } from "../bitrix24/look-up";
import { isOwn } from "../bitrix24/marks";
import { fitsBy, type PortalContact } from "../bitrix24/match-contact";
import type { ContactBy } from "../bitrix24/person";
import { contactIdsOf } from "../bitrix24/responses";
import { dismissed, endConflicts, endConflictsById, openConflict } from "../conflicts/conflicts";
import { contactClaim } from "../crm/recognise";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";

type Deps = Pick<Services, "db" | "bitrix24" | "log">;

/**
 * Checks people whose deal has another main contact than theirs, or none. The person's contact is changed only if the
 * old contact is gone (deleted or merged), or if the new contact was created for this person. Otherwise a manager
 * chose the main contact, such as an accountant, and a conflict is opened. Throws Bitrix24Error.
 */
export async function compareMainContacts(deps: Deps, rows: DealRow[], deals: Map<number, PortalDeal>): Promise<void> {
  const mainOf = (row: DealRow) => deals.get(row.dealId)?.contactId ?? null;
  const present = rows.filter((row) => deals.has(row.dealId));
  const alike = present.filter((row) => mainOf(row) === row.contactId);
  await endConflicts(deps.db, idsOf(alike), ["CONTACT_DELETED", "DEAL_OTHER_CONTACT"]);
  const others = present.filter((row) => mainOf(row) !== row.contactId);
  if (others.length === 0) return;
  const { batchRunner } = deps.bitrix24;
  const ids = others.flatMap((row) => [row.contactId ?? [], mainOf(row) ?? []].flat());
  const contacts = new Map(
    (await readContacts(batchRunner, [...new Set(ids)])).map((contact) => [contact.id, contact]),
  );
  // A list also leaves out contacts that the webhook's owner may not see.
  const unlisted = others.flatMap((row) => row.contactId ?? []).filter((id) => !contacts.has(id));
  const standing = await readEach(batchRunner, contactType, unlisted);
  const gone = new Set(unlisted.filter((id) => !standing.has(id)));
  // Whether a contact stands that the portal does not return is as unknown as what is to become of the person's.
  const clear = others.filter(({ contactId }) => !isUnread(standing.get(contactId ?? 0)));
  for (const row of clear) await judge(deps, row, mainOf(row), { contacts, gone });
}

const idsOf = (rows: DealRow[]): number[] => rows.map(({ userId }) => userId);

async function judge(
  deps: Deps,
  row: DealRow,
  main: number | null,
  { contacts, gone }: { contacts: Map<number, PortalContact>; gone: Set<number> },
): Promise<void> {
  const { db } = deps;
  const { userId, contactId } = row;
  if (main === null) {
    await endConflicts(db, [userId], ["DEAL_OTHER_CONTACT"]);
    // Once the consent is given again the registration makes the contact, or puts it back.
    if (contactId === null || row.isHeld) return;
    const stands = !gone.has(contactId);
    if (!stands) await endStanding(db, { userId, contactId });
    const details = { stands };
    await openConflict(db, { kind: "CONTACT_DELETED", userId, portalId: contactId, details });
    return;
  }
  await endConflicts(db, [userId], ["CONTACT_DELETED"]);
  const contact = contacts.get(main);
  const fits = contact ? fitsBy(contact, row) : null;
  const claim = contact && contactClaim(await deps.bitrix24.marks(), contact, { ...row, id: userId });
  if (isOwn(claim)) return follow(deps, row, main, "made");
  if (contactId === null || gone.has(contactId)) {
    const successor = fits ? { id: main, by: fits } : await successorOf(deps, row, main);
    return follow(deps, row, successor.id, successor.by);
  }
  await openConflict(db, { kind: "DEAL_OTHER_CONTACT", userId, portalId: main });
}

/** That the contact was only taken off the deal was dismissed. That it is gone now is another matter, and is listed again. */
async function endStanding(
  db: Deps["db"],
  { userId, contactId }: { userId: number; contactId: number },
): Promise<void> {
  const known = await db.conflict.findMany({
    where: {
      userId,
      kind: "CONTACT_DELETED",
      portalId: contactId,
      resolution: dismissed,
      details: { path: ["stands"], equals: true },
    },
    select: { id: true },
  });
  if (known.length > 0)
    await endConflictsById(
      db,
      known.map(({ id }) => id),
    );
}

/** The contact of the deal that fits the person; the main contact if none does. */
async function successorOf({ bitrix24 }: Deps, row: DealRow, main: number): Promise<{ id: number; by: ContactBy }> {
  const deal = assertRead(await readEach(bitrix24.batchRunner, dealType, [row.dealId])).get(row.dealId);
  const linked = await readContacts(bitrix24.batchRunner, contactIdsOf(deal));
  for (const contact of linked) {
    const by = fitsBy(contact, row);
    if (by) return { id: contact.id, by };
  }
  return { id: main, by: "manager" };
}

async function follow({ db, log }: Deps, row: DealRow, contactId: number, contactBy: ContactBy): Promise<void> {
  await db.user.update({
    where: { id: row.userId },
    data: { bitrix24ContactId: contactId, crmContactBy: contactBy },
  });
  await endConflicts(db, [row.userId], ["DEAL_OTHER_CONTACT"]);
  log.info(
    { userId: row.userId, from: row.contactId, contactId },
    "registration linked to the contact that managers chose",
  );
}
