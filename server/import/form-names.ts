import { formPath } from "../forms/form-path";
import type { Form } from "../forms/forms";
import { folded } from "../platform/folded";

/** A form as a list may name it. */
export type NamedForm = Pick<Form, "id" | "slug" | "name">;

/** What our own export writes for the first form where that has no name, and the form's address. */
const firstFormNames = ["main form", "first form", "первая форма", "основная форма", "register", "/register"];

/** The forms of a site that has several; of a single form no list needs to tell. */
export const namedForms = (forms: readonly NamedForm[]): NamedForm[] =>
  forms.length > 1 ? forms.map(({ id, slug, name }) => ({ id, slug, name })) : [];

/** The only form that a cell names, by its address or else by its name, as our own export writes them. */
export function formNamed<Named extends NamedForm>(forms: readonly Named[], cell: string): Named | undefined {
  const wanted = folded(cell);
  const addressed = forms.filter(({ slug }) =>
    slug === null ? firstFormNames.includes(wanted) : [slug, formPath(slug)].map(folded).includes(wanted),
  );
  const found = addressed.length > 0 ? addressed : forms.filter(({ name }) => folded(name) === wanted);
  return found.length === 1 ? found[0] : undefined;
}
