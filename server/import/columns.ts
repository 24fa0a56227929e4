import { type PersonFieldName, personField, personFieldNames } from "../person/fields";
import { ImportFileError } from "./import-file-error";

/** What only a list brings along. */
const listFields = [
  "paid",
  "paidAt",
  "registeredAt",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_content",
  "utm_term",
] as const;

export type Field = PersonFieldName | (typeof listFields)[number];

const requiredFields = personFieldNames.filter((name) => personField(name).required);

/** What the columns are called in lists, our own export among them, in either language, as `plain` leaves it. */
const names: Record<Field, string[]> = {
  firstName: ["имя", "firstname", "givenname", "name"],
  lastName: ["фамилия", "lastname", "surname", "familyname"],
  company: ["компания", "организация", "названиекомпании", "company", "companyname", "organization", "organisation"],
  email: ["почта", "электроннаяпочта", "адресэлектроннойпочты", "адреспочты", "емейл", "имейл", "email", "mail"],
  phone: ["телефон", "номертелефона", "мобильный", "мобильныйтелефон", "phone", "phonenumber", "mobile", "tel"],
  paid: ["оплачено", "оплата", "статусоплаты", "paid", "ispaid", "payment", "paymentstatus"],
  paidAt: ["датаоплаты", "датаоплатыutc", "paidat", "paidon", "paidonutc"],
  registeredAt: [
    "датарегистрации",
    "регистрация",
    "регистрацияutc",
    "зарегистрирован",
    "registered",
    "registeredutc",
    "registeredat",
    "registrationdate",
    "createdat",
  ],
  utm_source: ["utmsource", "источник", "source"],
  utm_medium: ["utmmedium"],
  utm_campaign: ["utmcampaign", "кампания", "campaign"],
  utm_content: ["utmcontent"],
  utm_term: ["utmterm"],
};

const fieldOf = new Map(
  [...personFieldNames, ...listFields].flatMap((field) => names[field].map((name) => [name, field] as const)),
);

/** Where the fields stand in a record. */
export interface Columns {
  positions: Map<Field, number>;
  header: string[];
  /** Headers that mean nothing to us. */
  ignored: string[];
}

/** Letters and digits only: "E-mail", "e mail" and "EMAIL" are one name. */
const plain = (header: string) =>
  header
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{Nd}]/gu, "");

/** Reads the header, in any order and case. Throws ImportFileError if a field that everybody needs is missing, or stands there twice. */
export function readHeader(cells: string[]): Columns {
  const positions = new Map<Field, number>();
  const ignored: string[] = [];
  for (const [index, cell] of cells.entries()) {
    const field = fieldOf.get(plain(cell));
    if (!field) ignored.push(cell);
    else if (positions.has(field)) throw new ImportFileError("column_twice", { fields: [field] });
    else positions.set(field, index);
  }
  const missing = requiredFields.filter((field) => !positions.has(field));
  if (missing.length > 0) throw new ImportFileError("columns_missing", { fields: missing });
  return { positions, header: cells, ignored: ignored.filter((name) => name !== "") };
}
