import { type PersonFieldName, personField, personFieldNames, type StoredPerson } from "../person/fields";
import { fullName } from "../person/full-name";
import { fitsBy, givesPhone, type PortalContact, sameEmail, samePhone } from "./match-contact";
import { leftOutValues } from "./ornaments";
import type { Person } from "./person";
import { sameText } from "./same-text";
import { clipText } from "./transport/safe-text";

type Locale = "en" | "ru";

const words = {
  en: {
    phoneExtension: "Phone extension",
    linked: {
      email: "Linked to an existing contact with this e-mail; the contact was not changed.",
      phone: "Linked to an existing contact with this phone; the contact was not changed.",
    },
    given: "Given in the form",
    notAccepted: "Not accepted by the fields of the CRM:",
    name: "Name",
    changed: (when: string) => `Changed on the site on ${when}`,
    unchanged: "The contact does not say so; this site left it as it was.",
    mapped: "These fields may still hold the earlier value:",
    removed: "no longer given",
  },
  ru: {
    phoneExtension: "Добавочный номер",
    linked: {
      email: "Привязано к существующему контакту с этой почтой; сам контакт не изменён.",
      phone: "Привязано к существующему контакту с этим телефоном; сам контакт не изменён.",
    },
    given: "Указано в форме",
    notAccepted: "Поля CRM это не приняли:",
    name: "Имя",
    changed: (when: string) => `Изменено на сайте ${when}`,
    unchanged: "В контакте указано другое; сайт его не менял.",
    mapped: "В этих полях могло остаться прежнее значение:",
    removed: "больше не указано",
  },
};

/** The portal's text fields hold more, but a comment with several such answers could be read by nobody. */
const maxAnswer = 4_000;
const nothing: ReadonlySet<string> = new Set();

/**
 * The deal's comment: one line for each fact that a manager needs and that has no other field on the portal. Null if
 * there is none. Every part of the comment is composed here. `linked` is a contact that existed before: it is not
 * changed, so the person's differing details are listed in the comment. `told`: sources that stand in fields already.
 */
export function dealComment(
  person: Person,
  linked: PortalContact | null = null,
  told: ReadonlySet<string> = nothing,
): string | null {
  const locale: Locale = person.locale === "en" ? "en" : "ru";
  const lines = personFieldNames.flatMap((name) => {
    const { portal, label } = personField(name);
    const value = person[name];
    return portal === "comment" && value ? [`${label[locale]}: ${plainText(value)}`] : [];
  });
  // On a line of its own: appended to the contact's phone, it would make the portal search for another number.
  if (person.phoneExtension) lines.push(`${words[locale].phoneExtension}: ${person.phoneExtension}`);
  // In one line, since a visitor could else write lines that look like ours.
  for (const { key, label, texts } of person.answers ?? [])
    if (!told.has(`answer.${key}`))
      lines.push(
        `${plainText(label)}: ${clipText(plainText(texts.join(", ").replace(/\s*\n\s*/g, " / ")), maxAnswer).text}`,
      );
  if (linked) lines.push(...differences(person, linked, locale));
  const left = leftOutValues(person, locale).map(([label, value]) => `${label}: ${plainText(value)}`);
  if (left.length > 0) lines.push(words[locale].notAccepted, ...left);
  return lines.length > 0 ? lines.join("\n") : null;
}

/** The details of the person that the contact does not have. */
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

/** What a note about changed details tells. */
export interface Corrected {
  fields: PersonFieldName[];
  /** The contact does not have some of them, and was not changed. */
  isLeft: boolean;
  /** Other fields of contact and deal that were filled with the earlier details. */
  mapped: string[];
  extension: boolean;
  at: Date;
  timeZone: string;
}

/**
 * The person's present details for the manager, if the contact is not changed or has no field for them: an addition to
 * the deal's comment. It contains the time of the change, so that an equal later change is a separate note.
 */
export function correctionNote(
  person: StoredPerson & Pick<Person, "locale">,
  { fields, isLeft, mapped, extension, at, timeZone }: Corrected,
): string {
  const locale: Locale = person.locale === "en" ? "en" : "ru";
  const m = words[locale];
  const line = (label: string, value: string | null) => `${label}: ${value ? plainText(value) : m.removed}`;
  const isName = (name: PersonFieldName) => ["name", "lastName"].includes(personField(name).portal);
  const when = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone }).format(at);
  return [
    `${m.changed(when)}:`,
    ...(fields.some(isName) ? [line(m.name, fullName(person))] : []),
    ...fields.filter((name) => !isName(name)).map((name) => line(personField(name).label[locale], person[name])),
    ...(extension ? [line(m.phoneExtension, person.phoneExtension)] : []),
    ...(isLeft ? [m.unchanged] : []),
    ...(mapped.length > 0 ? [`${m.mapped} ${plainText(mapped.join(", "))}`] : []),
  ].join("\n");
}

const harmless: Record<string, string> = { "[": "(", "]": ")", "<": "‹", ">": "›" };

/** The portal renders BBCode and HTML in comments: a visitor must not show links or pictures to the managers. */
export const plainText = (text: string) => text.replace(/[[\]<>]/g, (mark) => harmless[mark] ?? "");
