import type { FormDefinition } from "./definition";
import { newKey } from "./question-key";

/** The definition of a form that asks the same with keys of its own, which are added to `used`. */
export function copyOfForm(definition: FormDefinition, used: Set<string>): FormDefinition {
  const keys = new Map<string, string>();
  const items = definition.items.map((item) => {
    if ("field" in item) return item;
    const { question } = item;
    const key = newKey(question.label.en || question.label.ru, used);
    keys.set(question.key, key);
    return { question: { ...question, key } };
  });
  // Its fields and its title name the answers of its own questions.
  const settings = Object.entries(definition.settings).map(([name, text]) => [
    name,
    text.replace(/(?<![\w.:])answer\.([a-z][a-z0-9_]*)/g, (all, key: string) =>
      keys.has(key) ? `answer.${keys.get(key)}` : all,
    ),
  ]);
  return { ...definition, items, removed: [], settings: Object.fromEntries(settings) as FormDefinition["settings"] };
}
