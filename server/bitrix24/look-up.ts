import { slices } from "../platform/chunks";
import { dealsOfOtherContacts } from "./deal-contacts";
import type { FoundRecords } from "./existing-records";
import { contactType, dealType } from "./fields";
import { assertRead, itemCommand, pageSize, readItems } from "./items";
import { everyMark, type Marks } from "./marks";
import { emailSpellings, type PortalContact, phoneSpellings } from "./match-contact";
import { originId, type Person } from "./person";
import { contactIdsOf, contactRows, dealRows, type FoundDeal, foundByComm, parseAnswer } from "./responses";
import type { Outcome, PortalCommand } from "./transport/batch";
import { type BatchRunner, valuesOf } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** The person whose records are looked up: by stored ids if there are any, else by external id, e-mail and phone. */
export type Sought = Pick<Person, "userId" | "email" | "phone" | "contactId" | "dealId" | "relatedContactIds"> &
  Partial<Pick<Person, "formerly">>;

/** ORIGIN_IDs in a list command: fewer than a page holds, to leave room for duplicates. */
const originsPerCommand = 40;
const searchMethod = "crm.duplicate.findbycomm";
/** findbycomm accepts twenty values and returns at most twenty matches. */
const valuesPerCommand = 20;

const dealFields = [
  "id",
  "originatorId",
  "originId",
  "contactId",
  "assignedById",
  "currencyId",
  "opportunity",
  "createdTime",
  "isRecurring",
];

const read = (method: string, params: Record<string, unknown>): PortalCommand => ({ kind: "read", method, params });

/** Only the selection `*` returns a contact's phones and e-mails. */
const list = (entityTypeId: number, filter: Record<string, unknown>): PortalCommand =>
  read("crm.item.list", {
    entityTypeId,
    filter,
    select: entityTypeId === dealType ? dealFields : ["*"],
    order: { id: "ASC" },
    start: -1,
  });

const listByOrigin = (entityTypeId: number, marks: Marks, userIds: number[]): PortalCommand[] =>
  slices(userIds, originsPerCommand).map((group) =>
    list(entityTypeId, { "@originatorId": everyMark(marks), "@originId": group.map(originId) }),
  );

const listById = (entityTypeId: number, ids: number[]): PortalCommand[] =>
  slices([...new Set(ids)], pageSize).map((group) => list(entityTypeId, { "@id": group }));

const findByComm = (type: "EMAIL" | "PHONE", values: string[]): PortalCommand[] =>
  slices(values, valuesPerCommand).map((group) => read(searchMethod, { type, values: group, entity_type: "CONTACT" }));

/**
 * Reads the records that may belong to these people, in as few requests as possible: stored ids, ORIGIN_IDs of many
 * people in one command, e-mails and phones twenty per command. Incomplete answers (further pages, stored ids that no
 * list contains, searches at their cap) are followed up together in the next request. A last request reads the contacts
 * that were found by e-mail, phone or deal, and those that this list leaves out are read one by one; for a deal whose main contact is not the person's, its other contacts are
 * read as well. Empty requests are not sent. Throws Bitrix24Error.
 */
export async function lookUp(batchRunner: BatchRunner, marks: Marks, people: Sought[]): Promise<FoundRecords> {
  const records: FoundRecords = {
    contacts: new Map(),
    deals: new Map(),
    closed: { contacts: new Map(), deals: new Map() },
    hidden: [],
  };
  const found = new Set<number>();
  for (let asked = firstQuestions(marks, people); asked.length > 0; ) {
    const answers = valuesOf(await batchRunner.send(asked));
    asked = asked.flatMap((command, index) => takeAnswer(command, answers[index], records, found));
  }
  for (const [type, ids] of unlisted(people, records))
    takeItems(type, ids, await batchRunner.send(ids.map((id) => itemCommand(type, id))), records);

  const named = [...found];
  for (const { contactId } of records.deals.values()) if (contactId !== null) found.add(contactId);
  keepContacts(await batchRunner.send(unreadContacts(found, records)), records);
  const { contacts, closed } = records;
  const untold = named.filter((id) => !contacts.has(id) && !closed.contacts.has(id));
  takeUntold(untold, await batchRunner.send(untold.map((id) => itemCommand(contactType, id))), records);
  const unfit = dealsOfOtherContacts(marks, people, { deals: records.deals.values(), contacts });
  takeAllContacts(unfit, await batchRunner.send(unfit.map(({ id }) => itemCommand(dealType, id))), records);
  const others = unfit.flatMap(({ id }) => records.deals.get(id)?.contactIds ?? []);
  keepContacts(await batchRunner.send(unreadContacts(others, records)), records);
  return records;
}

/** Commands for those of the contacts that are not read yet. */
const unreadContacts = (ids: Iterable<number>, { contacts }: FoundRecords): PortalCommand[] =>
  listById(
    contactType,
    [...ids].filter((id) => !contacts.has(id)),
  );

/** Notes all contacts of these deals; a deal that may not be read stays as the list has it. */
function takeAllContacts(listed: FoundDeal[], outcomes: Outcome<unknown>[], { deals }: FoundRecords): void {
  const ids = listed.map(({ id }) => id);
  const items = assertRead(readItems(ids, outcomes));
  for (const deal of listed) {
    const item = items.get(deal.id);
    if (item && !(item instanceof Bitrix24Error)) deals.set(deal.id, { ...deal, contactIds: contactIdsOf(item) });
  }
}

function keepContacts(outcomes: Outcome<unknown>[], { contacts }: FoundRecords): void {
  for (const contact of valuesOf(outcomes).flatMap(parseContacts)) contacts.set(contact.id, contact);
}

const idOf = ({ userId }: Sought): number => userId;

function firstQuestions(marks: Marks, people: Sought[]): PortalCommand[] {
  const withoutContact = people.filter((person) => person.contactId === null);
  const withoutDeal = people.filter((person) => person.dealId === null);
  const related = withoutContact.flatMap((person) => person.relatedContactIds);
  return [
    ...listByOrigin(contactType, marks, withoutContact.map(idOf)),
    ...listByOrigin(dealType, marks, withoutDeal.map(idOf)),
    ...listById(contactType, [...people.flatMap(({ contactId }) => contactId ?? []), ...related]),
    ...listById(
      dealType,
      people.flatMap(({ dealId }) => dealId ?? []),
    ),
    ...findByComm(
      "EMAIL",
      withoutContact.flatMap((person) => emailSpellings(person.email)),
    ),
    ...findByComm(
      "PHONE",
      withoutContact.flatMap((person) => phoneSpellings(person.phone)),
    ),
  ];
}

/** Adds an answer to the result and returns the commands that are still needed for a complete answer. */
function takeAnswer(
  command: PortalCommand,
  answer: unknown,
  { contacts, deals }: FoundRecords,
  found: Set<number>,
): PortalCommand[] {
  const { params } = command;
  if (command.method === searchMethod) {
    const ids = parseFound(answer);
    for (const id of ids) found.add(id);
    // A search at its cap may be incomplete: its values are searched one by one.
    const values = params.values as string[];
    if (ids.length < valuesPerCommand || values.length === 1) return [];
    return values.map((value) => read(searchMethod, { ...params, values: [value] }));
  }
  const after = Number((params.filter as Record<string, unknown>)[">id"] ?? 0);
  // Strict parsing: a record that was skipped here would be created a second time.
  const rows =
    params.entityTypeId === dealType ? keep(parseDeals(answer), deals) : keep(parseContacts(answer), contacts);
  const last = rows.at(-1)?.id ?? 0;
  // Pages by id, since offsets are slow and shift. The check against `after` prevents an endless loop on a portal that
  // ignores the filter.
  if (rows.length < pageSize || last <= after) return [];
  return [{ ...command, params: { ...params, filter: { ...(params.filter as object), ">id": last } } }];
}

function keep<T extends { id: number }>(rows: T[], into: Map<number, T>): T[] {
  for (const row of rows) into.set(row.id, row);
  return rows;
}

/**
 * Stored ids that no list contains. A list leaves out deleted records and also records that the webhook's owner may not
 * see; only reading the record by id tells which.
 */
const unlisted = (people: Sought[], { contacts, deals }: FoundRecords): [number, number[]][] => [
  [contactType, [...new Set(people.flatMap(({ contactId }) => contactId ?? []))].filter((id) => !contacts.has(id))],
  [dealType, [...new Set(people.flatMap(({ dealId }) => dealId ?? []))].filter((id) => !deals.has(id))],
];

function takeItems(type: number, ids: number[], outcomes: Outcome<unknown>[], records: FoundRecords): void {
  const { contacts, deals, closed } = records;
  const isDeal = type === dealType;
  // One that is unread may be anything: the person waits.
  for (const [id, item] of assertRead(readItems(ids, outcomes))) {
    if (item instanceof Bitrix24Error) (isDeal ? closed.deals : closed.contacts).set(id, item);
    else if (isDeal) keep(parseDeals({ items: [item] }), deals);
    else keep(parseContacts({ items: [item] }), contacts);
  }
}

/**
 * The duplicate search names contacts without asking who may read them; a list leaves out those that the webhook's owner may
 * not. One that is gone is an entry that the portal's index has kept.
 */
function takeUntold(ids: number[], outcomes: Outcome<unknown>[], { contacts, hidden }: FoundRecords): void {
  // One that is unread may be the person's own: without it a second one would be created.
  for (const [id, item] of assertRead(readItems(ids, outcomes))) {
    if (item instanceof Bitrix24Error) hidden.push(id);
    else keep(parseContacts({ items: [item] }), contacts);
  }
}

const parseDeals = (raw: unknown) => parseAnswer("crm.item.list", dealRows, raw).items;
export const parseContacts = (raw: unknown): PortalContact[] => parseAnswer("crm.item.list", contactRows, raw).items;
const parseFound = (raw: unknown) => parseAnswer(searchMethod, foundByComm, raw);

/** The commands that list these contacts with their phones and e-mails, for `parseContacts`. */
export const contactQuestions = (ids: number[]): PortalCommand[] => listById(contactType, ids);

/** Reads contacts with their phones and e-mails. */
export async function readContacts(batchRunner: BatchRunner, ids: number[]): Promise<PortalContact[]> {
  if (ids.length === 0) return [];
  return (await batchRunner.read(contactQuestions(ids))).flatMap(parseContacts);
}

/** Reads the deals that have an external id of this installation for one of these users. */
export async function readDealsFor(batchRunner: BatchRunner, marks: Marks, userIds: number[]): Promise<FoundDeal[]> {
  return (await batchRunner.read(listByOrigin(dealType, marks, userIds))).flatMap(parseDeals);
}

/** Reads deals with their external ids and sales. */
export async function readDealMarks(batchRunner: BatchRunner, ids: number[]): Promise<FoundDeal[]> {
  if (ids.length === 0) return [];
  return (await batchRunner.read(listById(dealType, ids))).flatMap(parseDeals);
}
