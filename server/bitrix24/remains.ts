import { z } from "zod";
import { contactType, dealType } from "./fields";
import { itemCommand, type PortalItem, readItems } from "./items";
import { sameEmail, samePhone } from "./match-contact";
import { notRemoved } from "./not-removed";
import { type Entry, readOlderEntries } from "./older-entries";
import { contactIdsOf, listOf, parseAnswer, portalId, text } from "./responses";
import type { Entity } from "./sent-fields";
import type { PortalCommand } from "./transport/batch";
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
  /** What stood there before. */
  entries: Entry[];
  /** The older methods' names of user fields: they cannot be computed. */
  upperNames?: Record<string, string>;
}

interface Remains {
  /** Fields that were emptied and have a value. */
  names: string[];
  /** Contacts that should not be linked any more. */
  isLinked: boolean;
  /** By type: an entry with `DELETE` goes, another one gets the value. */
  entries: Record<string, Record<string, unknown>[]>;
}

const entryList = listOf(z.object({ id: portalId, typeId: text, value: text })).nullish();

const isEmpty = (value: unknown): boolean =>
  value === "" || value === null || (Array.isArray(value) && value.length === 0);

/** Whether the portal holds nothing there: nought and "no" are what it shows in empty fields of some types. */
function isBlank(name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  if (typeof value === "object") return Object.values(value).every((each) => isBlank(name, each));
  if (typeof value !== "string") return false;
  const written = value.trim();
  return written === "" || (/^uf/i.test(name) && (written === "N" || /^(0+([.,]0+)?)?(\|[A-Z]*)?$/.test(written)));
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
  const outcomes = await batchRunner.send(
    updates.map(({ kind, id }) => itemCommand(kind === "contact" ? contactType : dealType, id)),
  );
  const items = updates.map(({ id }, place) => readItems([id], outcomes.slice(place, place + 1)).get(id));
  const isUntold = (place: number) => {
    const item = items[place];
    return updates[place]?.kind === "contact" && item && !(item instanceof Bitrix24Error) && !item.fm;
  };
  const untold = updates.filter((_, place) => isUntold(place)).map(({ id }) => id);
  const older = await readOlderEntries(batchRunner, untold);
  return items.map((item, place) => (isUntold(place) ? { ...item, fm: older.get(updates[place]?.id ?? 0) } : item));
}

/** Whether the answer to the update tells what became of it: what was emptied is shown as empty in any case. */
export const isTold = ({ fields: { fm, ...fields } }: AcceptedUpdate, item: PortalItem): boolean =>
  !Object.values(fields).some(isEmpty) && (fm === undefined || Boolean(item.fm));

/** What still stands in the record; null: nothing. */
export function remainsOf({ fields: { fm, ...fields }, entries }: AcceptedUpdate, item: PortalItem): Remains | null {
  const emptied = Object.keys(fields).filter((name) => isEmpty(fields[name]));
  const remains: Remains = {
    names: emptied.filter((name) => name !== "contactIds" && !isBlank(name, item[name])),
    isLinked: emptied.includes("contactIds") && contactIdsOf(item).length > 0,
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
  const [kept, ...doubles] = added;
  const stands = own && before.some((entry) => entry.id === own.id && entry.value === own.value) ? own : undefined;
  if (!stands) return doubles.map(remove);
  return kept ? [stands, ...doubles].map(remove) : [{ ID: stands.id, VALUE: value }];
}

/** The commands of the older methods that remove it. */
export function olderCommands({ kind, id, fields, upperNames }: AcceptedUpdate, remains: Remains): PortalCommand[] {
  const upper = (name: string) => upperNames?.[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  const changes = {
    ...Object.fromEntries(remains.names.map((name) => [upper(name), fields[name]])),
    ...remains.entries,
  };
  const update = { kind: `${kind}.mend`, method: `crm.${kind}.update`, params: { id, fields: changes } };
  const unlink = { kind: "deal.unlink", method: "crm.deal.contact.items.delete", params: { id } };
  return [...(Object.keys(changes).length > 0 ? [update] : []), ...(remains.isLinked ? [unlink] : [])];
}

/**
 * Reads back what these updates should have emptied, in one request, and removes by the older methods what still stands.
 * Throws Bitrix24Error if it stands even then.
 */
export async function removeRemains(batchRunner: BatchRunner, updates: AcceptedUpdate[]): Promise<void> {
  const left = standing(updates, await readBack(batchRunner, updates));
  if (left.length === 0) return;
  const outcomes = await batchRunner.send(left.flatMap(({ update, remains }) => olderCommands(update, remains)));
  const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const failed = errors.find((error) => !error.refusesItem && error.code !== "ERROR_METHOD_NOT_FOUND");
  if (failed) throw failed;
  const mended = left.map(({ update }) => update);
  if (standing(mended, await readBack(batchRunner, mended)).length === 0) return;
  throw errors.find(({ refusesItem, code }) => refusesItem && code !== "EMPTY_CODE") ?? notRemoved();
}

function standing(updates: AcceptedUpdate[], items: (PortalItem | Bitrix24Error | undefined)[]) {
  return updates.flatMap((update, place) => {
    const item = items[place];
    if (item instanceof Bitrix24Error) throw item;
    const remains = item && remainsOf(update, item);
    return remains ? [{ update, remains }] : [];
  });
}
