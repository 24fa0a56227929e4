import { isDeepStrictEqual } from "node:util";
import type { FormState } from "./change";
import { type FormSection, settingsOfSection } from "./draft-inputs";

/** What a section of the page is about, as a value that can be compared. */
function contentOf({ slug, name, closedAt, definition }: FormState, section: FormSection): unknown {
  const { heading, lead, items, removed, after, settings } = definition;
  switch (section) {
    case "questions":
      return { heading, lead, items, removed };
    case "after":
      return after;
    case "page":
      return { slug, name, closedAt };
    default:
      return settingsOfSection[section].map((key) => settings[key]);
  }
}

/** Whether a section is the same in both states, whatever else of the form was changed. */
export const isSameSection = (section: FormSection, one: FormState, other: FormState): boolean =>
  isDeepStrictEqual(contentOf(one, section), contentOf(other, section));
