import { formName } from "../forms/form-name";
import type { Forms } from "../forms/forms";
import { consentOfSource, type FieldRule, readFieldMap, writeFieldMap } from "../platform/field-map";
import type { Services } from "../services";

export interface NamingRule {
  /** Null: the site's map, else the form whose own map it is. */
  form: { id: number; name: string } | null;
  /** As it stands in the map. */
  rule: string;
}

/** The lines of the site's field map, and of forms' own, that name one of these consents. */
export function rulesNaming(
  { env, forms }: Pick<Services, "env"> & { forms: Pick<Forms, "all"> },
  keys: readonly string[],
): NamingRule[] {
  const named = (rules: readonly FieldRule[], form: NamingRule["form"]): NamingRule[] =>
    rules
      .filter(({ source }) => keys.includes(consentOfSource(source)?.key ?? ""))
      .map((rule) => ({ form, rule: writeFieldMap([rule]) }));
  return [
    ...named(env.BITRIX24_MARK_FIELDS, null),
    ...forms
      .all()
      .flatMap((form) =>
        named(readFieldMap(form.definition.settings.fields ?? "") ?? [], { id: form.id, name: formName(form) }),
      ),
  ];
}
