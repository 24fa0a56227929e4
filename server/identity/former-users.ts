import { dealType } from "../bitrix24/fields";
import { isUnread, itemCommand, readItems } from "../bitrix24/items";
import { contactQuestions } from "../bitrix24/look-up";
import { fitsAsSent, type PortalContact, type Sent } from "../bitrix24/match-contact";
import { type Entered, isMadeBefore, isOlderThan } from "../bitrix24/portal-clock";
import type { PortalAsked } from "../bitrix24/portal-watch";
import { contactIdsOf, contactRow, parseRows } from "../bitrix24/responses";
import { type Command, maxCommands, type Outcome } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { formerColumns, formerDetails } from "../corrections/former-details";
import type { Tx } from "../database/db";
import { slices } from "../platform/chunks";

/** A record with an external id of this database, and the user whom it names. */
interface Numbered {
  isDeal: boolean;
  id: number;
  userId: number | null;
  /** When it was created, by the portal's clock; null if the portal does not tell. */
  madeAt: Date | null;
}

interface Present extends Entered, Sent {
  bitrix24ContactId: number | null;
  bitrix24DealId: number | null;
}

/**
 * Of these records, those that were created for a former user with the number of a present one: only a database that was put
 * back to an earlier state gives a number twice. Such a record is older than the present user. So is one into which managers
 * have merged the user's own, since portals hand our external id to the one that remains, but that one's contacts are the
 * user's. They are read only where a record is older. Throws Bitrix24Error.
 */
export async function ofFormerUsers<T extends Numbered>(
  db: Tx,
  client: Pick<PortalAsked, "batch">,
  records: T[],
): Promise<T[]> {
  const people = await readPeople(db, records);
  const personOf = ({ userId }: T) => people.get(userId ?? 0);
  const older = records.filter((record) => {
    const person = personOf(record);
    return person !== undefined && isOlder(record, person);
  });
  const contactIds = await readContactIds(client, older);
  const { contacts, isWhole } = await readContacts(client, [...new Set([...contactIds.values()].flat())]);
  return older.filter((record) => {
    const on = contactIds.get(record);
    // One odd contact must not let this database look like an earlier state of itself.
    if (on === undefined || (!isWhole && on.some((id) => !contacts.has(id)))) return false;
    return !on.some((id) => isOfUser(id, contacts, record, personOf(record) as Present));
  });
}

/** `isWhole`: each of the contacts that the portal has is there, and none of its answers was refused or malformed. */
async function readContacts(
  client: Pick<PortalAsked, "batch">,
  ids: number[],
): Promise<{ contacts: Map<number, PortalContact>; isWhole: boolean }> {
  const lists = (await ask(client, contactQuestions(ids))).map((outcome) => {
    if (outcome.ok) return parseRows("crm.item.list", contactRow, outcome.value);
    if (outcome.error.kind === "refused") return null;
    throw outcome.error;
  });
  return {
    contacts: new Map(lists.flatMap((list) => list?.rows ?? []).map((contact) => [contact.id, contact])),
    isWhole: lists.every((list) => list !== null && list.rows.length === list.listed),
  };
}

/** An erased person's details are not known any more, so nothing could fit. */
async function readPeople(db: Tx, records: Numbered[]): Promise<Map<number, Present>> {
  const rows = await db.user.findMany({
    where: { id: { in: [...new Set(records.flatMap(({ userId }) => userId ?? []))] }, erasedAt: null },
    select: {
      id: true,
      email: true,
      phone: true,
      createdAt: true,
      insertedAt: true,
      bitrix24DealId: true,
      bitrix24ContactId: true,
      ...formerColumns,
    },
  });
  return new Map(rows.map((row) => [row.id, { ...row, formerly: formerDetails(row) }]));
}

const isOlder = ({ isDeal, id, madeAt }: Numbered, person: Present): boolean =>
  (isDeal ? person.bitrix24DealId : person.bitrix24ContactId) !== id && isMadeBefore(madeAt, person);

/** Of contacts themselves, of deals all that are on them; deals that are gone by now, or unread, are missing. */
async function readContactIds<T extends Numbered>(
  client: Pick<PortalAsked, "batch">,
  records: T[],
): Promise<Map<T, number[]>> {
  const deals = records.filter(({ isDeal }) => isDeal).map(({ id }) => id);
  const items = readItems(
    deals,
    await ask(
      client,
      deals.map((id) => itemCommand(dealType, id)),
    ),
  );
  return new Map(
    records.flatMap((record): [T, number[]][] => {
      if (!record.isDeal) return [[record, [record.id]]];
      const deal = items.get(record.id);
      // Nothing tells whose it is.
      if (!deal || isUnread(deal)) return [];
      return [[record, deal instanceof Bitrix24Error ? [] : contactIdsOf(deal)]];
    }),
  );
}

/**
 * The e-mail decides. In a family with one phone the number may have been a lost relative's, so the phone, or the linked
 * contact, counts only where the record is too old to be taken for one that was created for the user.
 */
function isOfUser(
  contactId: number,
  contacts: ReadonlyMap<number, PortalContact>,
  { madeAt }: Numbered,
  person: Present,
): boolean {
  const contact = contacts.get(contactId);
  const fits = contact ? fitsAsSent(contact, person) : null;
  if (fits === "email") return true;
  return (fits === "phone" || contactId === person.bitrix24ContactId) && isOlderThan({ createdTime: madeAt }, person);
}

async function ask(client: Pick<PortalAsked, "batch">, commands: Command[]): Promise<Outcome<unknown>[]> {
  const outcomes: Outcome<unknown>[] = [];
  for (const part of slices(commands, maxCommands)) outcomes.push(...(await client.batch(part)));
  return outcomes;
}
