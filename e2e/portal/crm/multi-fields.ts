import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { column } from "./text-column";

export const multiFieldTypes = ["PHONE", "EMAIL", "WEB", "IM", "LINK"] as const;
export type MultiFieldType = (typeof multiFieldTypes)[number];

/** One phone, e-mail address or the like of a contact, lead or company. */
export type MultiField = { id: number; typeId: MultiFieldType; valueType: string; value: string };

const valueTypes: Record<MultiFieldType, string[]> = {
  PHONE: ["WORK", "MOBILE", "FAX", "HOME", "PAGER", "MAILING", "OTHER"],
  EMAIL: ["WORK", "HOME", "MAILING", "OTHER"],
  WEB: ["WORK", "HOME", "FACEBOOK", "VK", "LIVEJOURNAL", "TWITTER", "OTHER"],
  IM: [
    ...["TELEGRAM", "WHATSAPP", "VIBER", "VK", "SKYPE", "BITRIX24", "OPENLINE", "IMOL"],
    ...["ICQ", "MSN", "JABBER", "FACEBOOK", "INSTAGRAM", "OTHER"],
  ],
  LINK: ["USER"],
};

/** Messengers that are a conversation in one of the portal's open channels. */
const openChannels: readonly string[] = ["OPENLINE", "IMOL"];

/** A change asked for one value: replaced or removed if `id` names one that exists, else appended. */
export interface MultiFieldEdit {
  id?: number;
  typeId: MultiFieldType;
  valueType: string;
  value: string;
}

/** `PHONE: [{ VALUE, VALUE_TYPE, ID?, DELETE? }]`. A string or a single object instead of the list is lost without a word. */
export function readLegacyEdits(typeId: MultiFieldType, value: Value | undefined): MultiFieldEdit[] {
  return asList(value).flatMap((item) => {
    const entry = Array.isArray(item) ? undefined : asMap(item);
    if (!entry) return [];
    const id = toInt(entry.ID);
    const removed = entry.DELETE === "Y";
    return [edit(typeId, toText(entry.VALUE_TYPE), removed ? "" : toText(entry.VALUE), id || undefined)];
  });
}

/** `fm` of a new item: a list, or the map that an update takes. */
export function readNewEdits(value: Value | undefined): MultiFieldEdit[] {
  return asList(value).flatMap((item) => readUniversalEdit(asMap(item)));
}

/**
 * `fm` of an update: the id of a value that is there replaces it, or removes it where the value is empty; any other key appends,
 * as `n0`, `n1`… do. An entry that does not say its kind is lost without a word.
 */
export function readUniversalEdits(value: Value | undefined, existing: readonly MultiField[]): MultiFieldEdit[] {
  return Object.entries(asMap(value) ?? {}).flatMap(([key, item]) => {
    const entry = asMap(item);
    const current = existing.find(({ id }) => String(id) === key);
    if (!current || !entry) return readUniversalEdit(entry);
    if (toText(entry.typeId) === "") return [];
    return [edit(current.typeId, toText(entry.valueType) || current.valueType, toText(entry.value), current.id)];
  });
}

function readUniversalEdit(entry: ValueMap | undefined): MultiFieldEdit[] {
  const typeId = multiFieldTypes.find((type) => type === toText(entry?.typeId));
  return entry && typeId ? [edit(typeId, toText(entry.valueType), toText(entry.value))] : [];
}

function edit(typeId: MultiFieldType, valueType: string, value: string, id?: number): MultiFieldEdit {
  const known = valueTypes[typeId].includes(valueType) ? valueType : (valueTypes[typeId][0] ?? "WORK");
  return { typeId, valueType: known, value: value.trim(), ...(id === undefined ? {} : { id }) };
}

/** The edits with their values as the column keeps them. */
export function storableEdits(world: World, edits: MultiFieldEdit[]): MultiFieldEdit[] {
  return edits.map((one) => ({ ...one, value: column(world, one.value, one.typeId) }));
}

/** What is not mentioned stays; what has no id is appended, even if the same value is there already. */
export function applyEdits(
  current: readonly MultiField[],
  edits: MultiFieldEdit[],
  nextId: () => number,
): MultiField[] {
  const result = [...current];
  for (const { id, typeId, valueType, value } of edits) {
    const index = id === undefined ? -1 : result.findIndex((field) => field.id === id && field.typeId === typeId);
    const found = result[index];
    if (found && value === "") result.splice(index, 1);
    else if (found) result[index] = { ...found, valueType, value };
    else if (value !== "") result.push({ id: nextId(), typeId, valueType, value });
  }
  return result;
}

/** The portal's part of a record with phones that no client writes. */
export function communicationFlags(fm: readonly MultiField[]) {
  const flag = (test: (field: MultiField) => boolean) => (fm.some(test) ? "Y" : "N");
  return {
    hasPhone: flag(({ typeId }) => typeId === "PHONE"),
    hasEmail: flag(({ typeId }) => typeId === "EMAIL"),
    hasImol: flag(({ typeId, valueType }) => typeId === "IM" && openChannels.includes(valueType)),
  };
}
