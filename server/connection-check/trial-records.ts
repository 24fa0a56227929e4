import { z } from "zod";
import { contactType, dealType } from "../bitrix24/fields";
import { sameEmail, samePhone } from "../bitrix24/match-contact";
import { originId } from "../bitrix24/person";
import type { ProductInfo } from "../bitrix24/product-info";
import { listOf, optionalId, parseAnswer, portalId, text } from "../bitrix24/responses";
import type { Env } from "../platform/env";
import type { Services } from "../services";

const utmNames = ["utmSource", "utmMedium", "utmCampaign", "utmContent", "utmTerm"] as const;
const marked = {
  id: portalId,
  originatorId: text,
  originId: text,
  sourceId: text,
  utmSource: text,
  utmMedium: text,
  utmCampaign: text,
  utmContent: text,
  utmTerm: text,
};
const contactItem = z.object({
  item: z.object({ ...marked, fm: listOf(z.object({ typeId: text, value: text })).nullish() }),
});
const dealItem = z.object({
  item: z.object({
    ...marked,
    stageId: text,
    categoryId: z.coerce.number(),
    currencyId: text,
    opportunity: z.coerce.number(),
    contactId: optionalId,
  }),
});
const rowList = z.object({
  productRows: z.array(
    z.object({ productId: z.coerce.number(), price: z.coerce.number(), quantity: z.coerce.number() }),
  ),
});

/** The portal's records after the trial's registration. */
export interface TrialRecords {
  contact: z.output<typeof contactItem>["item"];
  deal: z.output<typeof dealItem>["item"];
  rows: z.output<typeof rowList>["productRows"];
}

/** Reads them by the ids in the row. Throws Bitrix24Error. */
export async function readTrialRecords(
  { db, bitrix24: { client } }: Pick<Services, "db" | "bitrix24">,
  userId: number,
): Promise<TrialRecords> {
  const { bitrix24ContactId, bitrix24DealId } = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { bitrix24ContactId: true, bitrix24DealId: true },
  });
  const get = async (entityTypeId: number, id: number | null) =>
    (await client.call("crm.item.get", { entityTypeId, id })).result;
  const { result } = await client.call("crm.item.productrow.list", {
    filter: { "=ownerType": "D", "=ownerId": bitrix24DealId },
  });
  return {
    contact: parseAnswer("crm.item.get", contactItem, await get(contactType, bitrix24ContactId)).item,
    deal: parseAnswer("crm.item.get", dealItem, await get(dealType, bitrix24DealId)).item,
    rows: parseAnswer("crm.item.productrow.list", rowList, result).productRows,
  };
}

export interface Expected {
  userId: number;
  email: string;
  phone: string;
  originatorId: string;
  product: ProductInfo;
  env: Env;
  utm: Record<(typeof utmNames)[number], string>;
}

/** The names of fields that do not hold the value sent. */
export function unlikeExpected({ contact, deal, rows }: TrialRecords, expected: Expected): string[] {
  const { userId, originatorId, product, env, utm } = expected;
  const marks = { originatorId, originId: originId(userId), sourceId: env.BITRIX24_SOURCE_ID, ...utm };
  const sale = {
    currencyId: "USD",
    opportunity: product.priceUsd,
    categoryId: env.BITRIX24_CATEGORY_ID,
    contactId: contact.id,
    ...(env.BITRIX24_STAGE_ID ? { stageId: env.BITRIX24_STAGE_ID } : {}),
  };
  const [row] = rows;
  return [
    ...unlike("contact", contact, marks),
    ...unreachable(contact, expected),
    ...unlike("deal", deal, { ...marks, ...sale }),
    ...(rows.length === 1 ? [] : [`the deal has ${rows.length} product rows`]),
    ...(row ? unlike("product row", row, { productId: product.id, price: product.priceUsd, quantity: 1 }) : []),
  ];
}

function unreachable({ fm }: TrialRecords["contact"], { email, phone }: Expected): string[] {
  const has = (kind: string, isSame: (value: string) => boolean) =>
    ((fm ?? []) as { typeId: string; value: string }[]).some(({ typeId, value }) => typeId === kind && isSame(value));
  return [
    ...(has("EMAIL", (value) => sameEmail(value, email)) ? [] : ["contact: the e-mail is not what was sent"]),
    ...(has("PHONE", (value) => samePhone(value, phone)) ? [] : ["contact: the phone is not what was sent"]),
  ];
}

const unlike = (what: string, found: object, wanted: Record<string, unknown>): string[] =>
  Object.entries(wanted).flatMap(([name, value]) =>
    (found as Record<string, unknown>)[name] === value ? [] : [`${what}: ${name} is not what was sent`],
  );
