import { type PersonFieldName, personField } from "../person/fields";
import { fromAddress } from "./answers";
import type { FormDefinition, FormWords, QuestionKind } from "./definition";
import { questionsOf, wordsIn } from "./questions";

/** A form as visitors read it, in one language: what the page needs of a definition and no more. */
export interface ShownForm {
  /** Blank: the usual ones. */
  heading: string;
  lead: string;
  items: ShownItem[];
  /** What one registers for, and its price in words. */
  offer?: { name: string; price: string } | null | undefined;
}

export interface ShownField {
  field: PersonFieldName;
  label: string;
  /** Blank: the usual one, if there is one. */
  help: string;
  required: boolean;
}

export interface ShownQuestion {
  key: string;
  kind: QuestionKind;
  /** Blank for a hidden one, whose words are for administrators. */
  label: string;
  help: string;
  required: boolean;
  options: { value: string; label: string }[];
}

export type ShownItem = ShownField | ShownQuestion;

/** The options of a question that is answered by yes or no. */
export const yesNo = [
  { value: "yes", label: { en: "Yes", ru: "Да" } },
  { value: "no", label: { en: "No", ru: "Нет" } },
];

export function shownForm({ heading, lead, items }: FormDefinition, locale: keyof FormWords): ShownForm {
  return {
    heading: wordsIn(heading, locale),
    lead: wordsIn(lead, locale),
    items: items.map((item): ShownItem => {
      if ("field" in item) {
        const { field, label, help, required } = item;
        return {
          field,
          label: wordsIn(label, locale) || personField(field).label[locale],
          help: wordsIn(help, locale),
          required,
        };
      }
      const { key, kind, label, help, required, options } = item.question;
      if (kind === "hidden") return { key, kind, label: "", help: "", required: false, options: [] };
      return {
        key,
        kind,
        label: wordsIn(label, locale) || key,
        help: wordsIn(help, locale),
        required,
        options: (kind === "yesno" ? yesNo : options).map(({ value, label: words }) => ({
          value,
          label: wordsIn(words, locale) || value,
        })),
      };
    }),
  };
}

/**
 * The answers that a page's address brings along, by the hidden questions' keys. As with its tags, a template may have
 * written `&` as `&amp;`, and of a repeated parameter the first value counts that can be kept.
 */
export function answersInAddress({ items }: FormDefinition, search: URLSearchParams): Record<string, string> {
  const hidden = questionsOf(items).filter(({ kind, parameter }) => kind === "hidden" && parameter !== "");
  const given = [...search].map(([name, value]) => ({ name, bare: name.replace(/^(?:amp;)+/i, ""), value }));
  return Object.fromEntries(
    hidden.flatMap(({ key, parameter }) => {
      const values = given.filter(({ name, bare }) => name === parameter || bare === parameter);
      const answer = values.map(({ value }) => fromAddress(value)).find((each) => each !== null);
      return answer === undefined ? [] : [[key, answer]];
    }),
  );
}
