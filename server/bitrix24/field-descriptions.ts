import { z } from "zod";
import { anything, parseAnswer, text } from "./responses";
import type { FieldDescriptions, PortalField } from "./sent-fields";
import type { Command, Outcome } from "./transport/batch";
import { isYes } from "./yes-no";

const yes = anything.transform(isYes);
const items = z
  .array(z.object({ ID: z.coerce.number().int(), VALUE: text }))
  .catch([])
  .transform((list) => list.map(({ ID: id, VALUE: value }) => ({ id, value })));
const described = z.record(
  z.string(),
  z.object({
    title: text,
    formLabel: text,
    upperName: text,
    type: text,
    isRequired: yes,
    isReadOnly: yes,
    isMultiple: yes,
    items,
  }),
);
const universal = z.object({ fields: described });

/** The newer methods describe these fields of a contact, and websites and messengers, as one field, `fm`. */
const multiFields = ["EMAIL", "PHONE"];
const multiFieldType = "crm_multifield";

/**
 * The commands that read the fields of contacts and deals. Only the older method describes phones, e-mails, websites and
 * messengers.
 */
export const fieldQuestions: Command[] = [
  { method: "crm.item.fields", params: { entityTypeId: 3 } },
  { method: "crm.item.fields", params: { entityTypeId: 2 } },
  { method: "crm.contact.fields", params: {} },
];

/**
 * Parses the answers to these commands. If the older method fails, phones and e-mails have their plain names. Throws
 * Bitrix24Error.
 */
export function readFieldDescriptions([contact, deal, older]: Outcome<unknown>[]): FieldDescriptions {
  const read = (outcome: typeof contact) => {
    if (!outcome?.ok) throw outcome?.error ?? new Error("a command without an outcome");
    return fieldsOf(parseAnswer("crm.item.fields", universal, outcome.value).fields);
  };
  const communications = (older?.ok ? described.safeParse(older.value).data : undefined) ?? {};
  const further = Object.entries(communications).filter(
    ([name, { type }]) => type === multiFieldType && !multiFields.includes(name),
  );
  return {
    contact: [
      ...read(contact).filter(({ name }) => name !== "fm"),
      ...multiFields.map((name) => {
        const [field] = fieldsOf({ [name]: communications[name] ?? plain });
        return field as PortalField;
      }),
      ...fieldsOf(Object.fromEntries(further)),
    ],
    deal: read(deal),
  };
}

const plain: z.output<typeof described>[string] = {
  title: "",
  formLabel: "",
  upperName: "",
  type: "",
  isRequired: false,
  isReadOnly: false,
  isMultiple: false,
  items: [],
};

const fieldsOf = (fields: z.output<typeof described>): PortalField[] =>
  Object.entries(fields)
    .filter(([, { isReadOnly }]) => !isReadOnly)
    .map(([name, { title, formLabel, upperName, type, isRequired, isMultiple, items }]) => ({
      name,
      upperName: upperName || name,
      // A cut may leave half an emoji, which the database's JSON refuses.
      title: (formLabel || title || name).slice(0, 100).toWellFormed(),
      required: isRequired,
      type: type || "string",
      multiple: isMultiple,
      items,
    }));

/** Title and name, so that administrators find the field on the portal by either of them. */
export const fieldLabel = ({ name, title }: Pick<PortalField, "name" | "title">): string =>
  title === name ? name : `${title} (${name})`;

/**
 * The field that a sentence of the portal is about. A name in quotation marks is preferred to an unquoted one, and the
 * longest name to names that are part of it. The person's own texts are removed first, since a sentence may quote them.
 */
export function findFieldInSentence(sentence: string, fields: PortalField[], ownTexts: string[]): PortalField | null {
  const said = withoutTexts(sentence, ownTexts);
  const names = fields.flatMap((field) =>
    [field.title, field.name, field.upperName].map((name) => ({ field, name: name.toLowerCase() })),
  );
  const quoted = [...said.matchAll(/["'«“]([^"'»”]{1,255})["'»”]/g)].map(([, inner = ""]) => inner.trim());
  const exact = names.find(({ name }) => quoted.includes(name));
  if (exact) return exact.field;
  const occurring = names.filter(({ name }) => name.length > 3 && hasWord(said, name));
  return occurring.sort((a, b) => b.name.length - a.name.length)[0]?.field ?? null;
}

/**
 * The sentence in small letters without these texts, the longest first: a short one may be a part of a longer one. Only
 * whole words, since an answer may be a part of a field's name.
 */
export const withoutTexts = (sentence: string, texts: string[]): string =>
  texts
    .map((text) => text.trim().toLowerCase())
    .filter((text) => text.length > 2)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, text) => rest.replaceAll(wholeWord(text), " "), sentence.toLowerCase());

/** Whether the sentence contains the name as a whole word. */
const hasWord = (sentence: string, name: string): boolean => wholeWord(name).test(sentence);

function wholeWord(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu");
}
