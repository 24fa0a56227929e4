import { entityTypes } from "./fields";
import { assertOwnErrors, itemCommand, type PortalItem, readItems } from "./items";
import { sameEmail, samePhone } from "./match-contact";
import { notRemoved } from "./not-removed";
import { type Entry, entryList, readOlderEntries } from "./older-entries";
import { updateRecord } from "./own-records";
import { contactIdsOf, parseAnswer } from "./responses";
import type { Entity, PortalField } from "./sent-fields";
import { holdsFormer, shownValues, wordsOf } from "./standing-values";
import type { Outcome, PortalCommand } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/**
 * What an accepted `crm.item.update` has left standing, and the older methods that remove it. Public sources disagree on
 * what that method does:
 * - Phones and e-mails. Its own page (bitrix-tools/b24-rest-docs, api-reference/crm/universal/crm-item-update.md): an entry
 *   of `fm` under an id replaces that value, and with an empty value removes it. The newer page of the fields
 *   (bitrix24/b24restdocs, api-reference/crm/universal/object-fields.md): the ids are ignored, values are only added, and
 *   `crm.contact.update` has to change and remove them: `PHONE: [{ ID, DELETE: "Y" }]`, as on that method's page.
 * - Empty values. bitrix-tools/b24-rest-docs#269: an empty list clears neither observers nor a user field of several
 *   values, although the answer shows null; the older methods take it. #145: clearing any field may have no effect, and
 *   the older methods, with the names in capitals, have one.
 * - Contacts of a deal. crm-deal-contact-items-delete.md: removes all links.
 */

export interface AcceptedUpdate {
  kind: Entity;
  id: number;
  /** As sent, `fm` as a map by the ids of entries. */
  fields: Record<string, unknown>;
  /** The phones, e-mails and the like that stood there before. */
  entries: Entry[];
  /** The other fields as they stood before, as far as the portal has told them. */
  before: PortalItem;
  /** The portal's own description of fields, by their names: the older methods' names of user fields cannot be computed. */
  places?: Record<string, Pick<PortalField, "type" | "upperName">>;
  /** What is written over a field that keeps its value although it is sent empty. */
  instead?: Record<string, unknown>;
}

/** Whether a text is one of the person's details. */
type IsTheirs = (text: string) => boolean;

export interface Remains {
  /** Fields that were emptied, and have their former value or one of the person's. */
  names: string[];
  /** Contacts that should not be linked any more. */
  isLinked: boolean;
  /** By type: an entry with `DELETE` is removed, one with `VALUE` gets that value. */
  entries: Record<string, Record<string, unknown>[]>;
}

const isEmpty = (value: unknown): boolean =>
  value === "" || value === null || (Array.isArray(value) && value.length === 0);

/**
 * Whether the field still holds what was to go. Robots of the portal, or the portal itself, may have filled it since: only a
 * former value counts, or one of the person's, unless the update itself has sent it, such as the last name of a relative who
 * inherits the contact. Any value counts where the former one is not known.
 */
function isStanding(
  { before, places, fields }: AcceptedUpdate,
  name: string,
  value: unknown,
  isTheirs: IsTheirs,
): boolean {
  const sent = shownValues(undefined, fields);
  const shown = shownValues(places?.[name]?.type, value);
  const isKnown = before[name] !== undefined;
  return isKnown
    ? holdsFormer(shown, shownValues(places?.[name]?.type, before[name])) ||
        shown.some((text) => isTheirs(text) && !sent.includes(text))
    : shown.length > 0;
}

/** Whether contacts that should not be linked any more still are: any where the former ones are not known. */
function isStillLinked({ before }: AcceptedUpdate, item: PortalItem): boolean {
  const former = contactIdsOf(before);
  return contactIdsOf(item).some((id) => !Array.isArray(before.contactIds) || former.includes(id));
}

function isSame(typeId: string, stored: string, value: string): boolean {
  if (typeId === "EMAIL") return sameEmail(stored, value);
  return typeId === "PHONE" ? samePhone(stored, value) : stored.trim() === value.trim();
}

/** Each record as it is now; undefined for one that is gone. Throws Bitrix24Error if the portal does not answer. */
export async function readBack(
  batchRunner: BatchRunner,
  updates: Pick<AcceptedUpdate, "kind" | "id">[],
): Promise<(PortalItem | Bitrix24Error | undefined)[]> {
  const outcomes = await batchRunner.send(updates.map(({ kind, id }) => itemCommand(entityTypes[kind], id)));
  assertOwnErrors(outcomes);
  const items = updates.map(({ id }, place) => readItems([id], outcomes.slice(place, place + 1)).get(id));
  const lacksEntries = (place: number) => {
    const item = items[place];
    return updates[place]?.kind === "contact" && item && !(item instanceof Bitrix24Error) && !item.fm;
  };
  const lacking = updates.filter((_, place) => lacksEntries(place)).map(({ id }) => id);
  const older = await readOlderEntries(batchRunner, lacking);
  return items.map((item, place) => (lacksEntries(place) ? { ...item, fm: older.get(updates[place]?.id ?? 0) } : item));
}

/** Whether the answer to the update tells what became of it: what was emptied is shown as empty in any case. */
export const isTold = ({ fields: { fm, ...fields } }: AcceptedUpdate, item: PortalItem): boolean =>
  !Object.values(fields).some(isEmpty) &&
  (fm === undefined || (item.fm && entryList.safeParse(item.fm).success) === true);

/** What still stands in the record; null: nothing. */
export function remainsOf(update: AcceptedUpdate, item: PortalItem, isTheirs: IsTheirs = () => false): Remains | null {
  const {
    fields: { fm, ...fields },
    entries,
  } = update;
  const emptied = Object.keys(fields).filter((name) => isEmpty(fields[name]));
  const remains: Remains = {
    names: emptied.filter((name) => name !== "contactIds" && isStanding(update, name, item[name], isTheirs)),
    isLinked: emptied.includes("contactIds") && isStillLinked(update, item),
    entries: {},
  };
  const now = (parseAnswer("crm.item.get", entryList, item.fm) ?? []) as Entry[];
  for (const [key, wanted] of Object.entries((fm ?? {}) as Record<string, Omit<Entry, "id">>)) {
    const edits = editsOf(key, wanted, { before: entries, now });
    if (edits.length > 0) remains.entries[wanted.typeId] = [...(remains.entries[wanted.typeId] ?? []), ...edits];
  }
  const isClean = remains.names.length === 0 && !remains.isLinked && Object.keys(remains.entries).length === 0;
  return isClean ? null : remains;
}

/**
 * How the older method brings about what was asked for under this key: the former value goes, and the new one stands once,
 * also where it was added beside the former one.
 */
function editsOf(
  key: string,
  { typeId, value }: Omit<Entry, "id">,
  { before, now }: Record<"before" | "now", Entry[]>,
): Record<string, unknown>[] {
  const remove = ({ id }: Entry) => ({ ID: id, DELETE: "Y" });
  const own = now.find(({ id }) => String(id) === key);
  if (value === "") return own ? [remove(own)] : [];
  const isWanted = (entry: Entry) => entry.typeId === typeId && isSame(typeId, entry.value, value);
  const added = now.filter((entry) => entry !== own && isWanted(entry) && !before.some(({ id }) => id === entry.id));
  if (own && isWanted(own)) return added.map(remove);
  const [kept, ...duplicates] = added;
  const stands = own && before.some((entry) => entry.id === own.id && entry.value === own.value) ? own : undefined;
  if (!stands) return duplicates.map(remove);
  return kept ? [stands, ...duplicates].map(remove) : [{ ID: stands.id, VALUE: value }];
}

/** The commands of the older methods that remove it. */
export function olderCommands({ kind, id, fields, places }: AcceptedUpdate, remains: Remains): PortalCommand[] {
  const upper = (name: string) =>
    places?.[name]?.upperName ?? name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  const changes = {
    ...Object.fromEntries(remains.names.map((name) => [upper(name), fields[name]])),
    ...remains.entries,
  };
  const update = { kind: `${kind}.mend`, method: `crm.${kind}.update`, params: { id, fields: changes } };
  const unlink = { kind: "deal.unlink", method: "crm.deal.contact.items.delete", params: { id } };
  return [...(Object.keys(changes).length > 0 ? [update] : []), ...(remains.isLinked ? [unlink] : [])];
}

/** The same change with a text or the like over what cannot be emptied; null where nothing is known to be written there. */
function withInstead(update: AcceptedUpdate, { names }: Remains): AcceptedUpdate | null {
  const known = names.filter((name) => update.instead?.[name] !== undefined);
  if (known.length === 0) return null;
  return { ...update, fields: Object.fromEntries(known.map((name) => [name, update.instead?.[name]])) };
}

/**
 * Reads back what these updates should have emptied, in one request, and removes by the older methods what still stands. A
 * field that keeps its value even then is written over: either this portal empties no field, or a robot fills it each time, and
 * only a detail of the person counts there from then on. Throws Bitrix24Error if something stands in the end.
 */
export async function removeRemains(
  batchRunner: BatchRunner,
  updates: AcceptedUpdate[],
  isTheirs: IsTheirs,
): Promise<void> {
  const mentions = (text: string) => wordsOf(text).some(isTheirs);
  const left = standing(updates, await readBack(batchRunner, updates), mentions);
  if (left.length === 0) return;
  const refused = refusals(
    await batchRunner.send(left.flatMap(({ update, remains }) => olderCommands(update, remains))),
  );
  const mended = left.map(({ update }) => update);
  const kept = standing(mended, await readBack(batchRunner, mended), mentions);
  if (kept.length === 0) return;
  const last = await writeOver(batchRunner, kept, refused);
  if (standing(last, await readBack(batchRunner, last), isTheirs).length === 0) return;
  throw refused.find(({ refusesItem, code }) => refusesItem && code !== "EMPTY_CODE") ?? notRemoved();
}

/** The failures that concern single commands. Throws a failure of any other kind. */
function refusals(outcomes: Outcome<unknown>[]): Bitrix24Error[] {
  const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const failed = errors.find((error) => !error.refusesCommand);
  if (failed) throw failed;
  return errors;
}

/** The updates as they are to be looked at in the end: what was written over has no former value any more. */
async function writeOver(
  batchRunner: BatchRunner,
  kept: { update: AcceptedUpdate; remains: Remains }[],
  refused: Bitrix24Error[],
): Promise<AcceptedUpdate[]> {
  const over = kept.map(({ update, remains }) => withInstead(update, remains));
  const written = over.filter((update) => update !== null);
  const outcomes = await batchRunner.send(written.map(({ kind, id, fields }) => updateRecord(kind, id, fields)));
  refused.push(...refusals(outcomes));
  const taken = new Set(written.filter((_, place) => outcomes[place]?.ok));
  return kept.map(({ update }, place) => {
    const done = over[place];
    if (!done || !taken.has(done)) return update;
    const gone = Object.fromEntries(Object.keys(done.fields).map((name) => [name, null]));
    return { ...update, before: { ...update.before, ...gone } };
  });
}

function standing(
  updates: AcceptedUpdate[],
  items: (PortalItem | Bitrix24Error | undefined)[],
  isTheirs: IsTheirs,
): { update: AcceptedUpdate; remains: Remains }[] {
  return updates.flatMap((update, place) => {
    const item = items[place];
    if (item instanceof Bitrix24Error) throw item;
    const remains = item && remainsOf(update, item, isTheirs);
    return remains ? [{ update, remains }] : [];
  });
}
