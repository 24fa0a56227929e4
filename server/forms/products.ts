import { cleanText } from "../platform/clean-text";
import type { Services } from "../services";

type Deps = Pick<Services, "db">;

/** What the portal last told about a product. */
export interface ToldProduct {
  /** Blank: it has not told the name, or has no such product. */
  name: string;
  /** The product's own price; null if it has none in US dollars. */
  priceUsd: number | null;
  readAt: Date | null;
  askedAt: Date;
}

/** Whether a deal at this price has an amount. A price that was never filled in may read as 0. */
export const isCharged = (priceUsd: number): boolean => Math.round(priceUsd * 100) > 0;

/** The portal is asked this often for a product of an open form, and so is a new price on the portal shown by then. */
export const freshMs = 3_600_000;
/** A portal that has not answered is not asked again before this. */
export const againMs = 600_000;

const longestName = 255;

/** By the products' numbers. */
export async function readProducts({ db }: Deps): Promise<Map<number, ToldProduct>> {
  const rows = await db.portalProduct.findMany();
  return new Map(rows.map(({ productId, ...told }) => [Number(productId), told]));
}

/** Stores what the portal has just told about a product; null: it has no such product any more. */
export async function noteProduct(
  { db }: Deps,
  id: number,
  facts: { name: string; ownPriceUsd: number | undefined } | null,
): Promise<void> {
  const told = {
    name: facts ? shownName(facts.name) : "",
    priceUsd: facts?.ownPriceUsd ?? null,
    readAt: new Date(),
    askedAt: new Date(),
  };
  const productId = BigInt(id);
  await db.portalProduct.upsert({ where: { productId }, create: { productId, ...told }, update: told });
}

/** Whether the portal has told a process something else about the product since these facts were read. */
export const isOutdated = (
  told: ToldProduct | undefined,
  facts: { name: string; ownPriceUsd: number | undefined },
  readAt: Date,
): boolean =>
  Boolean(told?.readAt && told.readAt > readAt) &&
  (told?.name !== shownName(facts.name) || told.priceUsd !== (facts.ownPriceUsd ?? null));

/** In one line, as the portal's lists show it. */
const shownName = (name: string): string =>
  [...cleanText(name.replace(/\p{Cc}+/gu, " "))].slice(0, longestName).join("");

/** Those of the products that this process is now to ask for: of several processes only one is. */
export async function claimProducts({ db }: Deps, ids: number[]): Promise<number[]> {
  const rows = await db.$queryRaw<{ productId: bigint }[]>`
    insert into "PortalProduct" ("productId") select unnest(${ids}::bigint[])
    on conflict ("productId") do update set "askedAt" = now()
      where "PortalProduct"."askedAt" < now() - ${againMs} * interval '1 millisecond'
        and coalesce("PortalProduct"."readAt" < now() - ${freshMs} * interval '1 millisecond', true)
    returning "productId"`;
  return rows.map(({ productId }) => Number(productId));
}
