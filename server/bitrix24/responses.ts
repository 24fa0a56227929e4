import { z } from "zod";
import { maxId } from "../platform/ids";
import { type Applied, Bitrix24Error, type FailureFacts, type FailureKind } from "./transport/error";
import { isNo, isYes } from "./yes-no";

/**
 * Parses the answer to one command. An answer of another shape proves nothing: the command may have taken effect. The
 * portal did answer, so by default the failure is one of that command and not an outage. Throws Bitrix24Error
 * BAD_ANSWER.
 */
export function parseAnswer<T extends z.ZodType>(
  method: string,
  schema: T,
  raw: unknown,
  kind: FailureKind = "refused",
): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw unproven(method, { kind, cause: parsed.error });
}

/** A parsed list; `listed` counts every row, including rows that cannot be parsed. */
export interface Listed<T> {
  rows: T[];
  listed: number;
}

/**
 * Parses a list row by row: a row that cannot be parsed is skipped and does not hide the others. Only for lists in
 * which a missing row does not prove that the record is missing. Throws Bitrix24Error BAD_ANSWER if the answer is no
 * list.
 */
export function parseRows<T extends z.ZodType>(method: string, row: T, raw: unknown): Listed<z.output<T>> {
  const { items } = parseAnswer(method, z.object({ items: listOf(z.unknown()) }), raw);
  const rows = (items as unknown[]).flatMap((item) => {
    const parsed = row.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
  return { rows, listed: (items as unknown[]).length };
}

export const unproven = (method: string, facts: Partial<Pick<FailureFacts, "kind" | "cause">> = {}): Bitrix24Error =>
  new Bitrix24Error({ code: "BAD_ANSWER", kind: "refused", applied: "unknown", method, ...facts });

/**
 * The row has another product than was sent, or none: a variation instead of its parent, free text, or the change of a
 * robot.
 */
export const productReplaced = (method: string, applied: Applied = "unknown"): Bitrix24Error =>
  new Bitrix24Error({ code: "PRODUCT_REPLACED", kind: "refused", applied, method });

/** The portal returns numbers as numbers or strings, depending on the method family. */
const numeric = z.union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)]);
/**
 * An id that the database cannot store makes the answer invalid: among the ids of a batch, it would fail the one
 * statement that saves them all.
 */
export const portalId = numeric.pipe(z.number().int().positive().max(maxId));
const numberOrNull = numeric
  .nullish()
  .catch(null)
  .transform((value) => (value && Number.isInteger(value) && value > 0 ? value : null));
/** Null for a missing id; an id that cannot be stored is invalid, not missing. */
export const optionalId = numberOrNull.refine((value) => value === null || value <= maxId, "cannot be kept");
/** Any value or none. Without `optional`, an object without the key is invalid. */
export const anything = z.unknown().optional();
/** Yes and no, as Y and N however the portal writes them; empty if it tells neither. */
export const flag = anything.transform((value) => (isYes(value) ? "Y" : isNo(value) ? "N" : ""));
/** PHP writes an empty value as false as well as null. */
const anyText = z
  .union([z.string(), z.number(), z.literal(false)])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === false ? "" : String(value)));
/** PostgreSQL stores no NUL in a text and no lone surrogate in JSON. */
const storable = (value: string) => value.toWellFormed().replaceAll("\0", "");
/** All fields that are read are shorter than this, but for those that people write at length; indexes hold no very long text. */
const longestText = 2_000;
export const text = anyText.transform((value) => storable(value.slice(0, longestText)));
/** A text of any length, which is written back with an addition: what was cut off would be lost on the portal. */
export const wholeText = anyText.transform(storable);
/** NaN for a missing amount, which is not zero. */
const money = anything.transform((value) =>
  typeof value === "number" || (typeof value === "string" && value.trim()) ? Number(value) : NaN,
);
/** Null for a missing value or one that is not a number. */
export const figure = money.transform((value) => (Number.isNaN(value) ? null : value));
/** When the portal created the record; null if it does not tell. Read from a boolean, it would be in 1970. */
export const createdTime = z.union([z.string(), z.number()]).pipe(z.coerce.date()).nullish().catch(null);
/** PHP writes a list whose keys have gaps as a map. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (value && typeof value === "object" && !Array.isArray(value) ? Object.values(value) : value),
    z.array(item),
  );

export const createdItem = z.object({ item: z.looseObject({ id: portalId }) });

export const createdDeal = z.object({
  item: z.object({ id: portalId, currencyId: text, opportunity: figure, assignedById: optionalId }),
});

export const dealRows = z.object({
  items: listOf(
    z.object({
      id: portalId,
      originatorId: text,
      originId: text,
      contactId: optionalId,
      assignedById: optionalId,
      currencyId: text,
      opportunity: figure,
      createdTime,
      isRecurring: flag,
    }),
  ),
});
export type FoundDeal = z.infer<typeof dealRows>["items"][number] & {
  /** All contacts, if the deal was read by its id. */
  contactIds?: number[] | undefined;
};

export const foundByComm = z.union([
  z.object({ CONTACT: listOf(portalId).optional() }).transform((value) => (value.CONTACT ?? []) as number[]),
  z.array(z.unknown()).transform((): number[] => []),
]);

const linkedContacts = z.object({ contactIds: listOf(optionalId).nullish().catch(null), contactId: optionalId });

/** All contacts of a deal that was read by id, the main one first. */
export function contactIdsOf(deal: unknown): number[] {
  const { data } = linkedContacts.safeParse(deal);
  const ids = [data?.contactId ?? null, ...((data?.contactIds ?? []) as (number | null)[])];
  return [...new Set(ids.filter((id) => id !== null))];
}

const multiField = z.object({ typeId: text, value: text });

export const contactRow = z
  .object({
    id: portalId,
    originatorId: text,
    originId: text,
    assignedById: optionalId,
    name: text,
    lastName: text,
    createdTime,
    // Absent in answers of portals that have no categories of contacts.
    categoryId: z.coerce.number().catch(0),
    fm: listOf(multiField).nullish(),
  })
  .transform(({ fm, ...contact }) => {
    const fields = (fm ?? []) as z.infer<typeof multiField>[];
    const values = (type: string) => fields.filter((field) => field.typeId === type).map((field) => field.value);
    return { ...contact, emails: values("EMAIL"), phones: values("PHONE") };
  });
export const contactRows = z.object({ items: listOf(contactRow) });

const productRow = z.object({
  productId: numberOrNull,
  price: figure,
  quantity: figure,
});
export const productRows = z.object({ productRows: listOf(productRow) });
export const addedProductRow = z.object({ productRow }).transform((value) => ({ productRows: [value.productRow] }));

export const catalogProduct = z.object({
  product: z.object({
    id: portalId,
    name: text,
    type: z.coerce.number().catch(0),
    active: flag,
    vatId: optionalId.catch(null),
    vatIncluded: flag,
  }),
});
export const vatRates = z.object({ vats: listOf(z.object({ id: z.coerce.number(), rate: figure })) });
export const priceTypes = z.object({ priceTypes: listOf(z.object({ id: z.coerce.number(), base: flag })) });
export const catalogPrices = z.object({
  prices: listOf(
    z.object({
      productId: numberOrNull,
      catalogGroupId: z.coerce.number().catch(0),
      currency: text,
      price: money,
      quantityFrom: figure,
      quantityTo: figure,
    }),
  ),
});
export const oldProduct = z.object({
  ID: portalId,
  NAME: text,
  PRICE: money,
  CURRENCY_ID: text,
  ACTIVE: flag,
});
