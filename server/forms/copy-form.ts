import type { Env } from "../platform/env";
import { answerKey, readFieldMap, writeFieldMap } from "../platform/field-map";
import { answersIn } from "../platform/title-template";
import type { FormDefinition, FormSettings } from "./definition";
import { withOwn } from "./form-env";
import { newKey } from "./question-key";

/**
 * The definition of a form that asks the same with keys of its own, which are added to `used`. Its answers go where those
 * of the form that is copied go: also where it is the site that names these.
 */
export function copyOfForm(definition: FormDefinition, used: Set<string>, site: SiteSettings): FormDefinition {
  const keys = new Map<string, string>();
  const items = definition.items.map((item) => {
    if ("field" in item) return item;
    const { question } = item;
    const key = newKey(question.label.en || question.label.ru, used);
    keys.set(question.key, key);
    return { question: { ...question, key, former: [] } };
  });
  // Its fields and its title name the answers of its own questions.
  const settings = Object.entries(withSite(definition.settings, keys, site)).map(([name, text]) => [
    name,
    text.replace(/(?<![\w.:])answer\.([a-z][a-z0-9_]*)/g, (all, key: string) =>
      keys.has(key) ? `answer.${keys.get(key)}` : all,
    ),
  ]);
  return { ...definition, items, removed: [], settings: Object.fromEntries(settings) as FormDefinition["settings"] };
}

export type SiteSettings = Pick<Env, "BITRIX24_MARK_FIELDS" | "BITRIX24_DEAL_TITLE">;

/** With what the site's settings say of the answers to these questions. */
function withSite(own: FormSettings, keys: ReadonlyMap<string, string>, site: SiteSettings): FormSettings {
  const rules = readFieldMap(own.fields ?? "") ?? [];
  const added = withOwn(site.BITRIX24_MARK_FIELDS, rules).filter(
    (rule) => !rules.includes(rule) && keys.has(answerKey(rule.source) ?? ""),
  );
  const isTitled = own.dealTitle !== undefined || !answersIn(site.BITRIX24_DEAL_TITLE).some((key) => keys.has(key));
  return {
    ...own,
    ...(added.length === 0 ? {} : { fields: [own.fields, writeFieldMap(added)].filter(Boolean).join(", ") }),
    ...(isTitled ? {} : { dealTitle: site.BITRIX24_DEAL_TITLE }),
  };
}
