import { readEach } from "./deals";
import { contactType, dealType } from "./fields";
import { everyMark, type Marks } from "./marks";
import { emailSpellings, type PortalContact, phoneSpellings } from "./match-contact";
import { pageSize, restOfPages } from "./pages";
import { originId, type Person } from "./registrant";
import { contactRows, dealRows, type FoundDeal, foundByComm, parseAnswer } from "./responses";
import type { BatchRunner, PortalCommand } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** Contacts and deals that may be somebody's, by id. Whose they are is for the caller to judge. */
export interface FoundRecords {
  contacts: Map<number, PortalContact>;
  deals: Map<number, FoundDeal>;
  /** Stored ids of records that stand but that the webhook's owner may not read, with the portal's refusal. */
  closed: { contacts: Map<number, Bitrix24Error>; deals: Map<number, Bitrix24Error> };
}

/** Whose records are looked for: by stored ids where there are any, else by mark, e-mail and phone. */
export type Sought = Pick<Person, "userId" | "email" | "phone" | "contactId" | "dealId" | "relatedContactIds">;

/** ORIGIN_IDs a list command asks for: room on its page for a few duplicates. */
const originsPerCommand = 40;
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
  chunk(values, valuesPerCommand).map((group) =>
    read("crm.duplicate.findbycomm", { type, values: group, entity_type: "CONTACT" }),
  );

/**
 * Reads what may belong to these people, in as few requests as possible: stored ids, ORIGIN_IDs of many people in one
 * command, e-mails and phones twenty a command. A second request reads the contacts that were found by e-mail, phone or
 * deal, and is left out where there are none. Throws Bitrix24Error.
 */
export async function lookUp(batchRunner: BatchRunner, marks: Marks, people: Sought[]): Promise<FoundRecords> {
  const withoutContact = people.filter((person) => person.contactId === null);
  const withoutDeal = people.filter((person) => person.dealId === null);
  const stored = (pick: (person: Sought) => number | null) => people.flatMap((person) => pick(person) ?? []);
  const lists = [
    ...listByOrigin(contactType, marks, withoutContact),
    ...listByOrigin(dealType, marks, withoutDeal),
    ...listById(contactType, [
      ...stored((person) => person.contactId),
      ...withoutContact.flatMap((person) => person.relatedContactIds),
    ]),
    ...listById(
      dealType,
      stored((person) => person.dealId),
    ),
  ];
  const searches = [
    ...findByComm(
      "EMAIL",
      withoutContact.flatMap((person) => emailSpellings(person.email)),
    ),
    ...findByComm(
      "PHONE",
      withoutContact.flatMap((person) => phoneSpellings(person.phone)),
    ),
  ];
  const answers = await batchRunner.read([...lists, ...searches]);
  const records: FoundRecords = {
    contacts: new Map(),
    deals: new Map(),
    closed: { contacts: new Map(), deals: new Map() },
  };
  for (const [index, command] of lists.entries()) await takePages(batchRunner, command, answers[index], records);
  await readUnlisted(batchRunner, people, records);

  const found = await everyContactFound(batchRunner, searches, answers.slice(lists.length));
  const ofDeals = [...records.deals.values()].flatMap((deal) => deal.contactId ?? []);
  const unread = [...found, ...ofDeals].filter((id) => !records.contacts.has(id));
  for (const contact of await readContacts(batchRunner, unread)) records.contacts.set(contact.id, contact);
  return records;
}

async function takePages(
  batchRunner: BatchRunner,
  command: PortalCommand,
  answer: unknown,
  { contacts, deals }: FoundRecords,
): Promise<void> {
  const pages = async <T extends { id: number }>(parse: (raw: unknown) => T[], into: Map<number, T>) => {
    // Strictly: a row that was left out would be made a second time.
    const listed = (raw: unknown) => ({ rows: parse(raw), listed: parse(raw).length });
    const first = listed(answer);
    for (const row of [...first.rows, ...(await restOfPages(batchRunner, command, first, listed))])
      into.set(row.id, row);
  };
  if (command.params.entityTypeId === dealType) await pages(parseDeals, deals);
  else await pages(parseContacts, contacts);
}

/** A list leaves out what is gone, and also what the webhook's owner may not see: only asking for the record itself tells. */
async function readUnlisted(
  batchRunner: BatchRunner,
  people: Sought[],
  { contacts, deals, closed }: FoundRecords,
): Promise<void> {
  const unlisted = (pick: (person: Sought) => number | null, listed: Map<number, unknown>) =>
    people.flatMap((person) => pick(person) ?? []).filter((id) => !listed.has(id));
  const stored = [
    [contactType, unlisted((person) => person.contactId, contacts)],
    [dealType, unlisted((person) => person.dealId, deals)],
  ] as const;
  for (const [entityTypeId, ids] of stored) {
    const isDeal = entityTypeId === dealType;
    for (const [id, record] of await readEach(batchRunner, entityTypeId, ids)) {
      if (record instanceof Bitrix24Error) (isDeal ? closed.deals : closed.contacts).set(id, record);
      else if (isDeal) for (const deal of parseDeals({ items: [record] })) deals.set(id, deal);
      else for (const contact of parseContacts({ items: [record] })) contacts.set(id, contact);
    }
  }
}

const parseDeals = (raw: unknown) => parseAnswer("crm.item.list", dealRows, raw).items;
const parseContacts = (raw: unknown) => parseAnswer("crm.item.list", contactRows, raw).items;
const parseFound = (raw: unknown) => parseAnswer("crm.duplicate.findbycomm", foundByComm, raw);

/** Ids of all contacts found. A command that hit its cap of twenty may have left some out: its values go one by one. */
async function everyContactFound(
  batchRunner: BatchRunner,
  searches: PortalCommand[],
  answers: unknown[],
): Promise<number[]> {
  const ids = new Set<number>();
  const capped: PortalCommand[] = [];
  for (const [index, answer] of answers.entries()) {
    const found = parseFound(answer);
    for (const id of found) ids.add(id);
    const { params } = searches[index] as PortalCommand;
    const values = params.values as string[];
    if (found.length >= valuesPerCommand && values.length > 1)
      capped.push(...values.map((value) => read("crm.duplicate.findbycomm", { ...params, values: [value] })));
  }
  for (const answer of await batchRunner.read(capped)) for (const id of parseFound(answer)) ids.add(id);
  return [...ids];
}

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
