import { z } from "zod";
import { personFieldNames } from "../person/fields";
import { plainLines } from "../settings/read-setting";
import { isAfterAddress } from "./after";
import { type FormDefinition, formSettingKeys, freeFields, questionKinds, usualItems } from "./definition";

/** Earlier releases stored line breaks as browsers send them, which are two characters. */
const text = z.string().max(2_000).transform(plainLines).default("");
const words = z.object({ en: text, ru: text }).default({ en: "", ru: "" });

/** Also a column's header in exported lists and the name of an input, so only plain letters. */
export const questionKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);

const options = z.array(z.object({ value: z.string().min(1).max(200), label: words })).default([]);

const question = z.object({
  key: questionKey,
  kind: z.enum(questionKinds),
  label: words,
  help: words,
  required: z.boolean().default(false),
  options,
  former: options,
  parameter: z.string().max(100).default(""),
});

const fieldItem = z
  .object({
    field: z.enum(personFieldNames as [(typeof personFieldNames)[number], ...typeof personFieldNames]),
    label: words,
    help: words,
    required: z.boolean().default(false),
  })
  .transform((item) => ({ ...item, required: item.required || !freeFields.includes(item.field) }));

const definition = z.object({
  heading: words,
  lead: words,
  items: z.array(z.union([fieldItem, z.object({ question })])).default(usualItems),
  removed: z.array(question).default([]),
  after: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("account") }),
      z.object({ kind: z.literal("text"), text: words }),
      z.object({ kind: z.literal("address"), address: z.string().max(2_000).refine(isAfterAddress, "address") }),
    ])
    .default({ kind: "account" }),
  settings: z.partialRecord(z.enum(formSettingKeys), z.string()).default({}),
});

/**
 * Reads a stored definition. Fields that no registration can do without are added where it lacks them; what this
 * release does not know is left out. Throws ZodError if it cannot be read.
 */
export function readDefinition(stored: unknown): FormDefinition {
  const read = definition.parse(stored);
  const asked = new Set(read.items.flatMap((item) => ("field" in item ? [item.field] : [])));
  const missing = usualItems.filter((item) => "field" in item && item.required && !asked.has(item.field));
  return { ...read, items: [...missing, ...read.items] };
}
