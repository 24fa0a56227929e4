import { personField, personFieldNames } from "../person/fields";
import type { Person } from "./registrant";

/**
 * The deal's comment: one line for each thing that a manager should know and no other field of the portal holds. Null
 * where there is nothing to say. All that goes into the comment is composed here.
 */
export function dealComment(person: Person): string | null {
  const locale = person.locale === "en" ? "en" : "ru";
  const lines = personFieldNames.flatMap((name) => {
    const { portal, label } = personField(name);
    const value = person[name];
    return portal === "comment" && value ? [`${label[locale]}: ${plainText(value)}`] : [];
  });
  // Not behind the contact's phone: the portal would look for another number.
  if (person.phoneExtension) lines.push(`${words[locale].phoneExtension}: ${person.phoneExtension}`);
  return lines.length > 0 ? lines.join("\n") : null;
}

const words = { en: { phoneExtension: "Phone extension" }, ru: { phoneExtension: "Добавочный номер" } };

const harmless: Record<string, string> = { "[": "(", "]": ")", "<": "‹", ">": "›" };

/** The portal reads BBCode and HTML in comments: a visitor must not put links or pictures before the managers. */
const plainText = (text: string) => text.replace(/[[\]<>]/g, (mark) => harmless[mark] ?? "");
