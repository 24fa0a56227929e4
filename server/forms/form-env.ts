import type { Env } from "../platform/env";
import type { FieldRule } from "../platform/field-map";
import type { Services } from "../services";
import { setting } from "../settings/definitions";
import { readSetting } from "../settings/read-setting";
import { lockedText } from "../settings/view";
import { type FormSettingKey, type FormSettings, formSettingKeys } from "./definition";
import { type Forms, firstFormId } from "./forms";

/** The environment as it is now for registrations of a form with these settings of its own. */
export function envOfForm(env: Env, own: FormSettings): Env {
  const values: Record<string, unknown> = {};
  for (const key of formSettingKeys) {
    const text = own[key];
    const read = text === undefined ? undefined : readSetting(key, text);
    if (read && "value" in read) values[setting(key).env] = read.value;
  }
  const has = (name: keyof Env) => Object.hasOwn(values, name);
  // The site's price is that of the site's product, and its stage one of the site's funnel.
  if (values.BITRIX24_PRODUCT_ID !== undefined && values.BITRIX24_PRODUCT_ID !== env.BITRIX24_PRODUCT_ID)
    values.BITRIX24_PRICE_USD ??= undefined;
  if (values.BITRIX24_CATEGORY_ID !== undefined && values.BITRIX24_CATEGORY_ID !== env.BITRIX24_CATEGORY_ID)
    values.BITRIX24_STAGE_ID ??= undefined;
  if (has("BITRIX24_MARK_FIELDS"))
    values.BITRIX24_MARK_FIELDS = withOwn(env.BITRIX24_MARK_FIELDS, values.BITRIX24_MARK_FIELDS as FieldRule[]);
  return { ...env, ...values };
}

/** The stage of paid deals of a form's people; undefined: a payment moves no deal of theirs. */
export const paidStageOf = (
  { env, forms }: Pick<Services, "env"> & { forms: Pick<Forms, "byId"> },
  formId: number | null,
): string | undefined =>
  envOfForm(env, forms.byId(formId ?? firstFormId)?.definition.settings ?? {}).BITRIX24_PAID_STAGE_ID;

/** The texts that apply to a form: its own, else the site's. Its map holds only its own lines. */
export const textsNow = (env: Env, own: FormSettings): Record<FormSettingKey, string> =>
  Object.fromEntries(
    formSettingKeys.map((key) => [key, own[key] ?? (key === "fields" ? "" : lockedText(env, key))]),
  ) as Record<FormSettingKey, string>;

/** A form's rule replaces the site's rules for the same field. */
export function withOwn(site: FieldRule[], own: FieldRule[]): FieldRule[] {
  const place = ({ entity, field }: FieldRule) => `${entity}.${field.toUpperCase()}`;
  const taken = new Set(own.map(place));
  return [...site.filter((rule) => !taken.has(place(rule))), ...own];
}
