import type { PersonFieldName } from "../person/fields";
import type { FormState } from "./change";
import { type FormItem, type FormSettingKey, type FormWords, formSettingKeys, usualItems } from "./definition";

/** The inputs of a form's page for administrators. Loaded by the browser: no zod, and nothing that only the server needs. */

/** What an administrator typed: by the names of the inputs. A box that is not ticked is missing. */
export type Typed = Record<string, string>;

/** Each is a page of its own, which changes nothing of the others. */
export const formSections = ["questions", "deal", "fields", "after", "page"] as const;
export type FormSection = (typeof formSections)[number];

export const isFormSection = (text: unknown): text is FormSection => formSections.some((each) => each === text);

/** The form's own settings that a section is about. */
export const settingsOfSection: Record<FormSection, readonly FormSettingKey[]> = {
  questions: [],
  deal: formSettingKeys.filter((key) => key !== "fields"),
  fields: ["fields"],
  after: [],
  page: [],
};

/** The names of a form's inputs for an item: a person's field by its name, a question by its key: see idOf. */
export const inputOf = (part: string, id: string, locale?: keyof FormWords): string =>
  [part, id, locale].filter(Boolean).join(".");

/** The inputs of the first question that is to be added; those of further ones are `new_2`, `new_3` and so on. */
export const newQuestion = "new";
const newId = /^\w+\.(new(?:_[1-9]\d{0,2})?)(?:\.|$)/;

/** The questions that are to be added, by what stands before them in the names of the inputs. */
export function newIdsIn(typed: Typed): string[] {
  const found = new Set(Object.keys(typed).flatMap((name) => newId.exec(name)?.[1] ?? []));
  return [...found].sort((one, other) => numberOf(one) - numberOf(other));
}

const numberOf = (id: string): number => Number(id.split("_")[1] ?? 1);

/** Of an item in the names of its inputs. No field of a person begins like a question. */
export const idOf = (item: FormItem): string => ("field" in item ? item.field : `q_${item.question.key}`);

/** The person's fields that the form does not ask, so that the page can offer them. */
export function absentFields({ definition: { items } }: FormState): FormItem[] {
  const asked = new Set<PersonFieldName>(items.flatMap((item) => ("field" in item ? [item.field] : [])));
  return usualItems.filter((item) => "field" in item && !asked.has(item.field));
}

/** The form's items as its page shows them: those that it asks, and then the fields that it could ask. */
export const shownItems = (state: FormState): FormItem[] => [...state.definition.items, ...absentFields(state)];

/** By the numbers beside them; what has none that can be read stays at its place. */
export function inTypedOrder<Item>(items: readonly Item[], id: (item: Item) => string, typed: Typed): Item[] {
  const placed = items.map((item, index) => {
    const number = (typed[inputOf("place", id(item))] ?? "").trim().replace(",", ".");
    const place = Number(number);
    return { item, index, place: number !== "" && Number.isFinite(place) ? place : index + 1 };
  });
  return placed.sort((a, b) => a.place - b.place || a.index - b.index).map(({ item }) => item);
}

/** The name of the buttons that arrange the questions; they check and save nothing. */
export const actField = "act";

/** What such a button does: `add`, `up.ID`, `down.ID`, or `less.ID` for a question that was only about to be added. */
export function arranged(state: FormState, typed: Typed, act: string): Typed {
  const [verb = "", id = ""] = act.split(".", 2);
  const added = newIdsIn(typed);
  if (verb === "add") {
    const next = added.length === 0 ? newQuestion : `${newQuestion}_${Math.max(...added.map(numberOf)) + 1}`;
    return renumbered([...orderOf(state, typed), next], { ...typed, [inputOf("kind", next)]: "text" });
  }
  if (verb === "less" && added.includes(id)) {
    const rest = Object.entries(typed).filter(([name]) => newId.exec(name)?.[1] !== id);
    return renumbered(
      orderOf(state, typed).filter((each) => each !== id),
      Object.fromEntries(rest),
    );
  }
  const order = orderOf(state, typed);
  const place = order.indexOf(id);
  const other = place + (verb === "up" ? -1 : verb === "down" ? 1 : 0);
  const neighbour = order[other];
  if (place < 0 || neighbour === undefined) return typed;
  order[other] = id;
  order[place] = neighbour;
  return renumbered(order, typed);
}

/** All that stands on the page, with the questions that are to be added, in the order of the numbers. */
export const orderOf = (state: FormState, typed: Typed): string[] =>
  inTypedOrder([...shownItems(state).map(idOf), ...newIdsIn(typed)], (id) => id, typed);

const renumbered = (order: string[], typed: Typed): Typed => ({
  ...typed,
  ...Object.fromEntries(order.map((id, index) => [inputOf("place", id), String(index + 1)])),
});
