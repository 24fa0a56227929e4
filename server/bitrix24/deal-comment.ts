import { personField, personFieldNames } from "../person/fields";
import { fullName } from "../person/full-name";
import { fitsBy, givesPhone, type PortalContact, sameEmail, samePhone } from "./match-contact";
import type { Person } from "./registrant";

type Locale = "en" | "ru";

const words = {
  en: {
    phoneExtension: "Phone extension",
    linked: {
      email: "Linked to an existing contact with this e-mail; the contact was not changed.",
      phone: "Linked to an existing contact with this phone; the contact was not changed.",
    },
    given: "Given in the form",
    name: "Name",
  },
  ru: {
    phoneExtension: "Добавочный номер",
    linked: {
      email: "Привязано к существующему контакту с этой почтой; сам контакт не изменён.",
      phone: "Привязано к существующему контакту с этим телефоном; сам контакт не изменён.",
    },
    given: "Указано в форме",
    name: "Имя",
  },
};

/**
 * The deal's comment: one line for each thing that a manager should know and no other field of the portal holds. Null
 * where there is nothing to say. All that goes into the comment is composed here. `linked` is a contact that stood there
 * before: nothing in it is changed, so what the person gave otherwise is told here.
 */
export function dealComment(person: Person, linked: PortalContact | null = null): string | null {
  const locale: Locale = person.locale === "en" ? "en" : "ru";
  const lines = personFieldNames.flatMap((name) => {
    const { portal, label } = personField(name);
    const value = person[name];
    return portal === "comment" && value ? [`${label[locale]}: ${plainText(value)}`] : [];
  });
  // Not behind the contact's phone: the portal would look for another number.
  if (person.phoneExtension) lines.push(`${words[locale].phoneExtension}: ${person.phoneExtension}`);
  if (linked) lines.push(...differences(person, linked, locale));
  return lines.length > 0 ? lines.join("\n") : null;
}

/** What the person gave and the contact does not say. */
function differences(person: Person, contact: PortalContact, locale: Locale): string[] {
  const m = words[locale];
  const by = fitsBy(contact, person);
  const hasPhone =
    contact.phones.some((phone) => samePhone(phone, person.phone)) || (by && givesPhone(person, { contact, by }));
  const given = [
    ...(sameText(fullName(person), fullName({ firstName: contact.name, lastName: contact.lastName }))
      ? []
      : [`${m.name}: ${plainText(fullName(person))}`]),
    ...(contact.emails.some((email) => sameEmail(email, person.email))
      ? []
      : [`${personField("email").label[locale]}: ${plainText(person.email)}`]),
    ...(hasPhone ? [] : [`${personField("phone").label[locale]}: ${person.phone}`]),
  ];
  if (given.length === 0) return [];
  return [...(by ? [m.linked[by]] : []), `${m.given}:`, ...given];
}

const sameText = (a: string, b: string) => {
  const normal = (text: string) => text.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
  return normal(a) === normal(b);
};

const harmless: Record<string, string> = { "[": "(", "]": ")", "<": "‹", ">": "›" };

/** The portal reads BBCode and HTML in comments: a visitor must not put links or pictures before the managers. */
const plainText = (text: string) => text.replace(/[[\]<>]/g, (mark) => harmless[mark] ?? "");
