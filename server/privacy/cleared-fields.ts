import { findPlace } from "../bitrix24/mapped-fields";
import type { Entity, FieldDescriptions, PortalField } from "../bitrix24/sent-fields";
import { type FieldRule, readFieldMap } from "../platform/field-map";
import type { Services } from "../services";
import { erasedPage } from "./erased-placeholders";

type Fields = Record<string, unknown>;

/**
 * What an erasure writes to the fields that the settings fill, or have filled: nothing, or where that is refused `filled`.
 * Both name every field, so that none keeps what was sent to it.
 */
export interface ClearedFields {
  empty: Fields;
  filled: Fields;
  /** A meaningless value for each field, whether or not the portal demands the field; undefined where none is known. */
  instead: Fields;
  places: Record<string, PortalField>;
}

/**
 * Replace what was sent to fields that the portal demands or does not empty. Texts are replaced in any case: not every
 * portal tells its demands.
 */
const meaningless: Record<string, string | number> = {
  url: erasedPage,
  integer: 0,
  double: 0,
  money: "0|USD",
  boolean: "N",
  char: "N",
  date: "1970-01-01",
  datetime: "1970-01-01T12:00:00+00:00",
};

const emptyValue = ({ multiple }: PortalField): unknown => (multiple ? [] : "");

const isText = ({ type }: PortalField): boolean => type === "string" || type === "text";

function valueInstead(place: PortalField, instead: string): unknown {
  const { type, multiple, items } = place;
  const value = isText(place) ? instead : type === "enumeration" ? items[0]?.id : meaningless[type];
  return multiple && value !== undefined ? [value] : value;
}

const filledValue = (place: PortalField, instead: string): unknown =>
  (isText(place) || place.required ? valueInstead(place, instead) : undefined) ?? emptyValue(place);

/** Every rule that applied at some time: what was sent by an earlier one still stands on the portal. */
async function rulesEver({ db, env }: Pick<Services, "db" | "env">): Promise<FieldRule[]> {
  const rows = await db.$queryRaw<{ before: string | null; after: string | null }[]>`
    select changes->'fields'->>'from' as before, changes->'fields'->>'to' as after
    from "SettingChange" where jsonb_exists(changes, 'fields')
    union all select null, text from "EnvironmentFieldMap"
    union all select null, definition->'settings'->>'fields' from "Form"
    union all select before->'definition'->'settings'->>'fields', after->'definition'->'settings'->>'fields'
    from "FormChange"`;
  const earlier = rows.flatMap(({ before, after }) =>
    [before, after].flatMap((text) => readFieldMap(text ?? "") ?? []),
  );
  return [...env.BITRIX24_MARK_FIELDS, ...earlier].filter(({ constant }) => constant === undefined);
}

/**
 * The fields to be cleared in contacts and deals of an erased person. Throws Bitrix24Error if the portal does not tell its
 * fields: an erasure must not be called done while they may hold something of the person.
 */
export async function clearedFields(
  services: Pick<Services, "db" | "env" | "bitrix24">,
  instead: string,
): Promise<Record<Entity, ClearedFields>> {
  const rules = await rulesEver(services);
  const described: FieldDescriptions =
    rules.length > 0 ? await services.bitrix24.fields.read() : { contact: [], deal: [] };
  const cleared = (entity: Entity): ClearedFields => {
    const places = rules.flatMap((rule) => (rule.entity === entity ? (findPlace(described, rule) ?? []) : []));
    const each = <T>(read: (place: PortalField) => T) =>
      Object.fromEntries(places.map((place) => [place.name, read(place)]));
    return {
      empty: each(emptyValue),
      filled: each((place) => filledValue(place, instead)),
      instead: each((place) => valueInstead(place, instead)),
      places: each((place) => place),
    };
  };
  return { contact: cleared("contact"), deal: cleared("deal") };
}
