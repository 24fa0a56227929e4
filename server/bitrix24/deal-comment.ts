import { type PersonFieldName, personField, personFieldNames, type StoredPerson } from "../person/fields";
import { fullName } from "../person/full-name";
import { oneLine } from "../platform/one-line";
import { fitsBy, givesPhone, type PortalContact, sameEmail, samePhone } from "./match-contact";
import { leftOutValues } from "./ornaments";
import { type Person, personPage } from "./person";
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
    further: "Further answers, which are too long for this comment:",
    name: "Name",
    changed: (when: string) => `Changed on the site on ${when}`,
    unchanged: "The contact still has other details; this site did not change it.",
    tooLong: "The contact has no room for an address this long; the earlier one has been removed from it.",
    mapped: "These fields may still hold the earlier value:",
    removed: "now empty",
    consent: (label: string, holds: boolean) => `Consent “${label}”: ${holds ? "given" : "withdrawn"}`,
  },
  ru: {
    phoneExtension: "Добавочный номер",
    linked: {
      email: "Привязано к существующему контакту с этой почтой; сам контакт не изменён.",
      phone: "Привязано к существующему контакту с этим телефоном; сам контакт не изменён.",
    },
    given: "Указано в форме",
    notAccepted: "Поля CRM это не приняли:",
    further: "Остальные ответы — они слишком длинные для этого комментария:",
    name: "Имя",
    changed: (when: string) => `Изменено на сайте ${when}`,
    unchanged: "В контакте указано другое; сайт его не менял.",
    tooLong: "Такой длинный адрес не помещается в контакт; прежний адрес из него удалён.",
    mapped: "В этих полях могло остаться прежнее значение:",
    removed: "теперь пусто",
    consent: (label: string, holds: boolean) => `Согласие «${label}»: ${holds ? "дано" : "отозвано"}`,
  },
};

/** As much as the portal keeps of a comment: 64 KB, where a letter takes up to three bytes. */
const maxComment = 20_000;
/** Whether the portal keeps a comment whole. */
export const isWholeComment = (text: string): boolean => Buffer.byteLength(text) <= 3 * maxComment;
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
  const details = personFieldNames.flatMap((name) => {
    const { portal, label } = personField(name);
    const value = person[name];
    return portal === "comment" && value ? [`${label[locale]}: ${plainText(value)}`] : [];
  });
  // On a line of its own: appended to the contact's phone, it would make the portal search for another number.
  if (person.phoneExtension) details.push(`${words[locale].phoneExtension}: ${person.phoneExtension}`);
  const further: string[] = [];
  if (linked) further.push(...differences(person, linked, locale));
  const left = leftOutValues(person, locale, { isLinked: linked !== null }).map(
    ([label, value]) => `${label}: ${plainText(value)}`,
  );
  if (left.length > 0) further.push(words[locale].notAccepted, ...left);
  const answers = answerLines(person, told, locale, maxComment - [...details, ...further].join("\n").length);
  const lines = [...details, ...answers, ...further];
  return lines.length > 0 ? lines.join("\n") : null;
}

/** The answers that stand in no field: as many as there is room for, each of them whole, and where the others are. */
function answerLines(person: Person, told: ReadonlySet<string>, locale: Locale, room: number): string[] {
  const lines = (person.answers ?? []).flatMap(({ key, label, texts }) =>
    // In one line, since a visitor could else write lines that look like ours.
    told.has(`answer.${key}`)
      ? []
      : [clipText(`${plainText(label)}: ${plainText(oneLine(texts.join(", "), " / "))}`, maxComment).text],
  );
  const note = `${words[locale].further} ${personPage(person)}`;
  let left = room - note.length - 2;
  const fitting = lines.filter((line) => {
    const fits = line.length < left;
    if (fits) left -= line.length + 1;
    return fits;
  });
  return fitting.length < lines.length ? [...fitting, note] : lines;
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

/** A consent that was given or withdrawn. */
export interface ConsentNote {
  label: string;
  holds: boolean;
}

/** What a note about changed details tells. */
export interface Corrected {
  fields: PersonFieldName[];
  /** The contact does not have some of them, and was not changed. */
  isLeft: boolean;
  /** The contact has no room for the e-mail, and the former one was removed. */
  isTooLong: boolean;
  /** Other fields of contact and deal that were filled with the earlier details. */
  mapped: string[];
  consents: ConsentNote[];
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
  { fields, isLeft, isTooLong, mapped, consents, extension, at, timeZone }: Corrected,
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
    ...consents.map(({ label, holds }) => m.consent(plainText(label), holds)),
    ...(isLeft ? [m.unchanged] : []),
    ...(isTooLong ? [m.tooLong] : []),
    ...(mapped.length > 0 ? [`${m.mapped} ${plainText(mapped.join(", "))}`] : []),
  ].join("\n");
}

const harmless: Record<string, string> = { "[": "(", "]": ")", "<": "‹", ">": "›" };

/** The portal renders BBCode and HTML in comments: a visitor must not show links or pictures to the managers. */
export const plainText = (text: string) => text.replace(/[[\]<>]/g, (mark) => harmless[mark] ?? "");
