import { findPlace } from "../bitrix24/mapped-fields";
import type { Entity, FieldDescriptions } from "../bitrix24/sent-fields";
import { type FieldRule, readFieldMap } from "../platform/field-map";
import type { Services } from "../services";

type Fields = Record<string, unknown>;

/** What an erasure writes to the fields that the settings fill, or have filled: nothing, or where that is refused `filled`. */
export interface ClearedFields {
  empty: Fields;
  filled: Fields;
}

/** Every rule that applied at some time: what was sent by an earlier one still stands on the portal. */
async function rulesEver({ db, env }: Pick<Services, "db" | "env">): Promise<FieldRule[]> {
  const rows = await db.$queryRaw<{ before: string | null; after: string | null }[]>`
    select changes->'fields'->>'from' as before, changes->'fields'->>'to' as after
    from "SettingChange" where jsonb_exists(changes, 'fields')`;
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
    const texts = places.filter(({ type, multiple }) => !multiple && (type === "string" || type === "text"));
    return {
      empty: Object.fromEntries(places.map(({ name, multiple }) => [name, multiple ? [] : ""])),
      filled: Object.fromEntries(texts.map(({ name }) => [name, instead])),
    };
  };
  return { contact: cleared("contact"), deal: cleared("deal") };
}
