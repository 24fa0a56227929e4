import { contactType, dealType } from "./fields";
import { itemCommand, pageSize, readItems } from "./items";
import { everyMark, type Marks } from "./marks";
import { emailSpellings, type PortalContact, phoneSpellings } from "./match-contact";
import { originId, type Person } from "./registrant";
import { contactRows, dealRows, type FoundDeal, foundByComm, parseAnswer } from "./responses";
import type { Outcome, PortalCommand } from "./transport/batch";
import { type BatchRunner, valuesOf } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** Contacts and deals that may belong to one of the people, by id. The caller decides whose they are. */
export interface FoundRecords {
  contacts: Map<number, PortalContact>;
  deals: Map<number, FoundDeal>;
  /** Stored ids of records that exist but that the webhook's owner may not read, with the portal's refusal. */
  closed: { contacts: Map<number, Bitrix24Error>; deals: Map<number, Bitrix24Error> };
}

/** Whose records are looked for: by stored ids where there are any, else by mark, e-mail and phone. */
export type Sought = Pick<Person, "userId" | "email" | "phone" | "contactId" | "dealId" | "relatedContactIds">;

/** ORIGIN_IDs a list command asks for: room on its page for a few duplicates. */
const originsPerCommand = 40;
const searchMethod = "crm.duplicate.findbycomm";
/** findbycomm reads twenty values and stops at twenty conflicts. */
const valuesPerCommand = 20;

const dealFields = ["id", "originatorId", "originId", "contactId", "currencyId", "opportunity"];

const chunk = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));

const read = (method: string, params: Record<string, unknown>): PortalCommand => ({ kind: "read", method, params });

/** `*` is the only selection that brings a contact's numbers and addresses. */
const list = (entityTypeId: number, filter: Record<string, unknown>): PortalCommand =>
  read("crm.item.list", {
    entityTypeId,
    filter,
    select: entityTypeId === dealType ? dealFields : ["*"],
    order: { id: "ASC" },
    start: -1,
  });

const listByOrigin = (entityTypeId: number, marks: Marks, people: Sought[]): PortalCommand[] =>
  chunk(people, originsPerCommand).map((group) =>
    list(entityTypeId, {
      "@originatorId": everyMark(marks),
      "@originId": group.map((person) => originId(person.userId)),
    }),
  );

const listById = (entityTypeId: number, ids: number[]): PortalCommand[] =>
  chunk([...new Set(ids)], pageSize).map((group) => list(entityTypeId, { "@id": group }));

const findByComm = (type: "EMAIL" | "PHONE", values: string[]): PortalCommand[] =>
  chunk(values, valuesPerCommand).map((group) => read(searchMethod, { type, values: group, entity_type: "CONTACT" }));

/**
 * Reads what may belong to these people, in as few requests as possible: stored ids, ORIGIN_IDs of many people in one
 * command, e-mails and phones twenty a command. What the answers leave open (further pages, stored ids that no list shows,
 * searches that hit their cap) is asked next, all of it together; a last request reads the contacts that were found by
 * e-mail, phone or deal. A request without questions is left out. Throws Bitrix24Error.
 */
export async function lookUp(batchRunner: BatchRunner, marks: Marks, people: Sought[]): Promise<FoundRecords> {
  const records: FoundRecords = {
    contacts: new Map(),
    deals: new Map(),
    closed: { contacts: new Map(), deals: new Map() },
  };
  const found = new Set<number>();
  for (let asked = firstQuestions(marks, people); asked.length > 0; ) {
    const answers = valuesOf(await batchRunner.send(asked));
    asked = asked.flatMap((command, index) => takeAnswer(command, answers[index], records, found));
  }
  for (const [type, ids] of unlisted(people, records))
    takeItems(type, ids, await batchRunner.send(ids.map((id) => itemCommand(type, id))), records);

  for (const { contactId } of records.deals.values()) if (contactId !== null) found.add(contactId);
  const unread = listById(
    contactType,
    [...found].filter((id) => !records.contacts.has(id)),
  );
  if (unread.length > 0)
    for (const contact of valuesOf(await batchRunner.send(unread)).flatMap(parseContacts))
      records.contacts.set(contact.id, contact);
  return records;
}

function firstQuestions(marks: Marks, people: Sought[]): PortalCommand[] {
  const withoutContact = people.filter((person) => person.contactId === null);
  const withoutDeal = people.filter((person) => person.dealId === null);
  const related = withoutContact.flatMap((person) => person.relatedContactIds);
  return [
    ...listByOrigin(contactType, marks, withoutContact),
    ...listByOrigin(dealType, marks, withoutDeal),
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

/** Keeps what a question brought, and tells what is to be asked next for the whole of its answer. */
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
    // At its cap it may have left some out: its values are asked one by one.
    const values = params.values as string[];
    if (ids.length < valuesPerCommand || values.length === 1) return [];
    return values.map((value) => read(searchMethod, { ...params, values: [value] }));
  }
  const after = Number((params.filter as Record<string, unknown>)[">id"] ?? 0);
  // Strictly: a row that was left out would be made a second time.
  const rows =
    params.entityTypeId === dealType ? keep(parseDeals(answer), deals) : keep(parseContacts(answer), contacts);
  const last = rows.at(-1)?.id ?? 0;
  // By keyset, since offsets are slow and shift. A portal that ignored it would be asked for its first page for ever.
  if (rows.length < pageSize || last <= after) return [];
  return [{ ...command, params: { ...params, filter: { ...(params.filter as object), ">id": last } } }];
}

function keep<T extends { id: number }>(rows: T[], into: Map<number, T>): T[] {
  for (const row of rows) into.set(row.id, row);
  return rows;
}

/**
 * Stored ids that no list has shown. A list leaves out what is gone, and also what the webhook's owner may not see: only
 * asking for the record itself tells.
 */
const unlisted = (people: Sought[], { contacts, deals }: FoundRecords): [number, number[]][] => [
  [contactType, [...new Set(people.flatMap(({ contactId }) => contactId ?? []))].filter((id) => !contacts.has(id))],
  [dealType, [...new Set(people.flatMap(({ dealId }) => dealId ?? []))].filter((id) => !deals.has(id))],
];

function takeItems(type: number, ids: number[], outcomes: Outcome<unknown>[], records: FoundRecords): void {
  const { contacts, deals, closed } = records;
  const isDeal = type === dealType;
  for (const [id, item] of readItems(ids, outcomes)) {
    if (item instanceof Bitrix24Error) (isDeal ? closed.deals : closed.contacts).set(id, item);
    else if (isDeal) keep(parseDeals({ items: [item] }), deals);
    else keep(parseContacts({ items: [item] }), contacts);
  }
}

const parseDeals = (raw: unknown) => parseAnswer("crm.item.list", dealRows, raw).items;
const parseContacts = (raw: unknown) => parseAnswer("crm.item.list", contactRows, raw).items;
const parseFound = (raw: unknown) => parseAnswer(searchMethod, foundByComm, raw);

/** The contacts with their numbers and addresses. */
export async function readContacts(batchRunner: BatchRunner, ids: number[]): Promise<PortalContact[]> {
  if (ids.length === 0) return [];
  return (await batchRunner.read(listById(contactType, ids))).flatMap(parseContacts);
}

/** Deals with their marks and what was sold. */
export async function readDealMarks(batchRunner: BatchRunner, ids: number[]): Promise<FoundDeal[]> {
  if (ids.length === 0) return [];
  return (await batchRunner.read(listById(dealType, ids))).flatMap(parseDeals);
}
