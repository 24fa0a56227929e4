import type { PersonFieldName } from "../person/fields";
import type { FormState } from "./change";
import { type FormItem, type FormWords, usualItems } from "./definition";

/** The inputs of a form's page for administrators. Loaded by the browser: no zod, and nothing that only the server needs. */

/** What an administrator typed: by the names of the inputs. A box that is not ticked is missing. */
export type Typed = Record<string, string>;

/** The names of a form's inputs for an item: a person's field by its name, a question by its key: see idOf. */
export const inputOf = (part: string, id: string, locale?: keyof FormWords): string =>
  [part, id, locale].filter(Boolean).join(".");

/** The inputs of a question that is to be added. */
export const newQuestion = "new";

/** Of an item in the names of its inputs. No field of a person begins like a question. */
export const idOf = (item: FormItem): string => ("field" in item ? item.field : `q_${item.question.key}`);

/** The person's fields that the form does not ask, so that the page can offer them. */
export function absentFields({ definition: { items } }: FormState): FormItem[] {
  const asked = new Set<PersonFieldName>(items.flatMap((item) => ("field" in item ? [item.field] : [])));
  return usualItems.filter((item) => "field" in item && !asked.has(item.field));
}
