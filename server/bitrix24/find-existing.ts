import { contactType, dealType } from "./fields";
import { chooseContact, emailSpellings, type Match, type PortalContact, phoneSpellings } from "./match-contact";
import { pageSize, restOfPages } from "./pages";
import { originId, type Person, userIdOf } from "./registrant";
import { contactRows, foundByComm, originRows, parseAnswer } from "./responses";
import type { BatchRunner, PortalCommand } from "./transport/batch-runner";

/** What the portal already holds of a person. */
export interface ExistingRecords {
  /** Our own earlier contact, or the one that a duplicate search found. */
  contactId: number | null;
  /** Set when the contact is somebody's own record that fits, not one we made. */
  match: Match | null;
  dealId: number | null;
}

/** ORIGIN_IDs a list command asks for: room on its page for a few doubles. */
const originsPerCommand = 40;
/** findbycomm reads twenty values and stops at twenty conflicts. */
const valuesPerCommand = 20;

const chunk = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));

const read = (method: string, params: Record<string, unknown>): PortalCommand => ({ kind: "read", method, params });

const listByOrigin = (entityTypeId: number, originatorId: string, people: Person[]): PortalCommand[] =>
  chunk(people, originsPerCommand).map((group) =>
    read("crm.item.list", {
      entityTypeId,
      filter: { "=originatorId": originatorId, "@originId": group.map((person) => originId(person.userId)) },
      select: ["id", "originatorId", "originId", ...(entityTypeId === dealType ? ["contactId"] : [])],
      order: { id: "ASC" },
      start: -1,
    }),
  );

const findByComm = (type: "EMAIL" | "PHONE", values: string[]): PortalCommand[] =>
  chunk(values, valuesPerCommand).map((group) =>
    read("crm.duplicate.findbycomm", { type, values: group, entity_type: "CONTACT" }),
  );

/**
 * Looks everybody up in as few requests as possible: ORIGIN_IDs of many people in one command, e-mails and phones
 * twenty a command; only where something was found are the contacts themselves read, to see whose they are.
 * Several hits of one ORIGIN_ID (a request that took effect after all waiting): the oldest counts.
 */
export async function findExisting(
  batchRunner: BatchRunner,
  originatorId: string,
  people: Person[],
): Promise<Map<number, ExistingRecords>> {
  const existing = new Map<number, ExistingRecords>(
    people.map((person) => [person.userId, { contactId: person.contactId, match: null, dealId: person.dealId }]),
  );
  const withoutContact = people.filter((person) => person.contactId === null);
  const withoutDeal = people.filter((person) => person.dealId === null);
  const contactLists = listByOrigin(contactType, originatorId, withoutContact);
  const dealLists = listByOrigin(dealType, originatorId, withoutDeal);
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
  const lists = [...contactLists, ...dealLists];
  const answers = await batchRunner.read([...lists, ...searches]);

  const claim = (userId: number | null, take: (trace: ExistingRecords) => void) => {
    const trace = userId === null ? undefined : existing.get(userId);
    if (trace) take(trace);
  };
  for (const [index, command] of lists.entries()) {
    const first = parseOrigins(answers[index]);
    const rows = [...first.rows, ...(await restOfPages(batchRunner, command, first, parseOrigins))];
    // A portal that did not know the filter would return other installations' rows, with ids of their own users.
    for (const row of rows.filter((each) => each.originatorId === originatorId))
      claim(userIdOf(row.originId), (trace) => {
        const ofDeal = command.params.entityTypeId === dealType;
        const key = ofDeal ? "dealId" : "contactId";
        if (trace[key] === null || row.id < trace[key]) trace[key] = row.id;
        if (ofDeal) trace.contactId ??= row.contactId ?? null;
      });
  }

  const found = await everyContactFound(batchRunner, searches, answers.slice(lists.length));
  if (found.length === 0) return existing;
  const contacts = await readContacts(batchRunner, found);
  for (const person of withoutContact)
    claim(person.userId, (trace) => {
      if (trace.contactId !== null) return;
      trace.match = chooseContact(person, contacts);
      trace.contactId = trace.match?.contact.id ?? null;
    });
  return existing;
}

/** Strictly: a row that was left out would be made a second time. */
const parseOrigins = (raw: unknown) => {
  const { items } = parseAnswer("crm.item.list", originRows, raw);
  return { rows: items, listed: items.length };
};
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

/** The contacts with their numbers and addresses; `*` is the only selection that brings those. */
export async function readContacts(batchRunner: BatchRunner, ids: number[]): Promise<PortalContact[]> {
  const commands = chunk(ids, pageSize).map((group) =>
    read("crm.item.list", {
      entityTypeId: contactType,
      filter: { "@id": group },
      select: ["*"],
      order: { id: "ASC" },
      start: -1,
    }),
  );
  return (await batchRunner.read(commands)).flatMap((raw) => parseAnswer("crm.item.list", contactRows, raw).items);
}
