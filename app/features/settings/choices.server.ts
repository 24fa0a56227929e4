import type { Locale } from "~/i18n/locale";
import { isFillable } from "~server/bitrix24/convert-value";
import { fieldLabel } from "~server/bitrix24/field-descriptions";
import { type FieldDescriptions, isSent } from "~server/bitrix24/sent-fields";
import { mappableEntities } from "~server/platform/field-map";
import type { PortalChoices } from "~server/preview/choices";
import type { SettingKey } from "~server/settings/definitions";
import type { SettingView } from "~server/settings/view";

export interface Option {
  value: string;
  label: string;
}

/** What may be chosen for each setting. A list has the present value in it, also where the portal no longer has that. */
export type Options = { [Key in SettingKey]?: Option[] | undefined };

/** More entries than this are typed in by number: nobody looks for one of a thousand products in a list. */
const longest = 100;

/** The portal's lists as options; what it does not tell, or has too much of, is typed in. */
export function optionsFrom(choices: PortalChoices | null, settings: SettingView[]): Options {
  if (!choices) return {};
  const { funnels, stages, sources, employees, assigned, products } = choices;
  const named = (list: { id: string | number; name: string }[] | null): Option[] | null =>
    list?.map(({ id, name }) => ({ value: String(id), label: `${name} (${id})` })) ?? null;
  const funnelName = (id: number) => funnels?.find((funnel) => funnel.id === id)?.name ?? String(id);
  const open = stages
    ?.filter(({ lost }) => !lost)
    .map(({ id, name, funnel }) => ({ id, name: `${funnelName(funnel)}: ${name}` }));
  const lists: [SettingKey, Option[] | null][] = [
    ["product", named(products)],
    ["funnel", named(funnels)],
    ["stage", open ? [{ value: "", label: "—" }, ...(named(open) ?? [])] : null],
    ["paidStage", open ? [{ value: "", label: "—" }, ...(named(open) ?? [])] : null],
    ["source", named(sources)],
    ["responsible", named(employees?.filter(({ active }) => active) ?? null)],
  ];
  return Object.fromEntries(
    lists.flatMap(([key, list]): [string, Option[]][] => {
      const present = settings.find((view) => view.key === key)?.text;
      if (!list || list.length === 0 || list.length > longest || present === undefined) return [];
      const values = key === "responsible" ? present.split(/\s*,\s*/).filter(Boolean) : [present];
      const missing = values.filter((value) => !list.some((option) => option.value === value));
      const names = new Map(assigned?.map(({ id, name }) => [String(id), name]));
      return [[key, [...missing.map((value) => ({ value, label: labelOf(names.get(value), value) })), ...list]]];
    }),
  );
}

/** The mark stands for "not in the portal's list any more". */
const labelOf = (name: string | undefined, value: string): string => `${name ? `${name} (${value})` : value} ✕`;

const records = { en: { contact: "Contact", deal: "Deal" }, ru: { contact: "Контакт", deal: "Сделка" } };

/** The portal's fields that can be filled from here. */
export const targetsFrom = (fields: FieldDescriptions | null, locale: Locale): Option[] | undefined =>
  fields
    ? mappableEntities.flatMap((entity) =>
        fields[entity]
          .filter((field) => isFillable(field) && !isSent(entity, field.name))
          .map((field) => ({
            value: `${entity}.${field.name}`,
            label: `${records[locale][entity]}: ${fieldLabel(field)}${field.required ? " *" : ""}`,
          })),
      )
    : undefined;
