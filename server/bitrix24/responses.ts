import { z } from "zod";
import { Bitrix24Error } from "./transport/error";

/**
 * Reads an answer's expected shape. An answer of another shape proves nothing: the request may well have taken effect.
 * Throws Bitrix24Error BAD_ANSWER.
 */
export function parseAnswer<T extends z.ZodType>(method: string, schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw unproven(method, parsed.error);
}

export const unproven = (method: string, cause?: unknown): Bitrix24Error =>
  new Bitrix24Error({ code: "BAD_ANSWER", kind: "outage", applied: "unknown", method, cause });

/** The portal's numbers come as numbers or strings, depending on the method family. */
const id = z.coerce.number().int().positive();
export const optionalId = z.coerce
  .number()
  .nullish()
  .catch(null)
  .transform((value) => (value ? value : null));
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? "" : String(value)));
/** NaN where there is none: an absent amount is not zero. */
const money = z
  .unknown()
  .transform((value) =>
    typeof value === "number" || (typeof value === "string" && value.trim()) ? Number(value) : NaN,
  );
/** PHP writes an empty map as an empty list. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.record(z.string(), item).transform(Object.values)]);

export const createdItem = z.object({ item: z.object({ id }) });

export const createdDeal = z.object({
  item: z.object({ id, currencyId: text, opportunity: money }),
});

export const originRows = z.object({
  items: z.array(z.object({ id, originatorId: text, originId: text, contactId: optionalId.optional() })),
});

export const foundByComm = z.union([
  z.object({ CONTACT: listOf(id).optional() }).transform((value) => (value.CONTACT ?? []) as number[]),
  z.array(z.unknown()).transform((): number[] => []),
]);

const multiField = z.object({ typeId: text, value: text });

export const contactRows = z.object({
  items: z.array(
    z.object({ id, name: text, lastName: text, fm: listOf(multiField).nullish() }).transform(({ fm, ...contact }) => {
      const fields = (fm ?? []) as z.infer<typeof multiField>[];
      const values = (type: string) => fields.filter((field) => field.typeId === type).map((field) => field.value);
      return { ...contact, emails: values("EMAIL"), phones: values("PHONE") };
    }),
  ),
});

const productRow = z.object({ productId: optionalId });
export const productRows = z.object({ productRows: z.array(productRow) });
export const addedProductRow = z.object({ productRow }).transform((value) => ({ productRows: [value.productRow] }));

export const catalogProduct = z.object({ product: z.object({ id, name: text }) });
export const catalogPrices = z.object({
  prices: z.array(z.object({ catalogGroupId: z.coerce.number().catch(0), currency: text, price: money })),
});
export const oldProduct = z.object({
  ID: id,
  NAME: text,
  PRICE: money,
  CURRENCY_ID: text,
});
