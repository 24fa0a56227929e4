import { PortalError } from "../protocol/errors";
import { asMap, toCents, toFlag, toInt, toNumber, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { productTypes, soldAs } from "./products";
import type { Deal } from "./records";
import { column } from "./text-column";
import { InvalidFieldError } from "./unknown-values";

export interface ProductRow {
  id: number;
  ownerId: number;
  /** 0: a row of free text, not of the catalog. */
  productId: number;
  productName: string;
  /** What one piece costs in the end: discount taken off, tax included. */
  price: number;
  priceExclusive: number;
  priceNetto: number;
  priceBrutto: number;
  /** In the portal's base currency, at the rate of the moment of saving. */
  priceAccount: number;
  quantity: number;
  discountTypeId: number;
  discountRate: number;
  discountSum: number;
  taxRate: number | null;
  taxIncluded: "Y" | "N";
  measureCode: number;
  measureName: string;
  sort: number;
  xmlId: string;
  customized: "Y";
  type: number;
}

const absolute = 1;
const percent = 2;
const piece = 796;

/** Units of measurement by their codes. */
const measures: Record<number, string> = { 6: "m", 112: "l", 163: "g", 166: "kg", [piece]: "pcs" };

/** As `rowOf`, of a product that the portal sells. */
export const readRow = (world: World, deal: Deal, input: ValueMap, index: number, id?: number): ProductRow =>
  rowOf(world, deal, { ...input, productId: sellable(world, toInt(input.productId)) }, index, id);

/**
 * Reads a row as `crm.item.productrow.*` names it; the price is taken as sent, never looked up in the catalog. Name of
 * the unit and external id come with the older family alone.
 */
export function rowOf(world: World, deal: Deal, input: ValueMap, index: number, id = world.nextId("row")): ProductRow {
  const productId = toInt(input.productId);
  const product = world.settings.products.find(({ id }) => id === productId);
  const taxRate =
    input.taxRate === undefined || input.taxRate === null || input.taxRate === "" ? null : toNumber(input.taxRate);
  const measureCode = toInt(input.measureCode) || piece;
  const price = toCents(toNumber(input.price));
  const rate = world.settings.currencies.find(({ code }) => code === deal.currencyId)?.rate ?? 1;
  return {
    id,
    ownerId: deal.id,
    productId,
    productName: column(world, toText(input.productName), "productName") || (product?.name ?? ""),
    price,
    priceAccount: toCents(price * rate),
    ...discounted(world, input, price, taxRate ?? 0),
    quantity: input.quantity === undefined ? 1 : toNumber(input.quantity),
    taxRate,
    taxIncluded: toFlag(input.taxIncluded),
    measureCode,
    measureName: toText(input.measureName) || (measures[measureCode] ?? ""),
    sort: toInt(input.sort) || (index + 1) * 10,
    xmlId: toText(input.xmlId),
    customized: "Y",
    type: productTypes[product?.kind ?? "simple"],
  };
}

function sellable(world: World, productId: number): number {
  try {
    return soldAs(world, productId);
  } catch (error) {
    if (!(error instanceof InvalidFieldError)) throw error;
    throw new PortalError("INVALID_ARG_VALUE", world.sentences.invalidField(world.say("product")));
  }
}

/** The final price is given; price without tax, without discount and with tax but no discount follow from it, cent by cent. */
function discounted(world: World, input: ValueMap, price: number, taxRate: number) {
  const typeId = toInt(input.discountTypeId) || percent;
  const tax = taxRate / 100;
  const priceExclusive = toCents(price / (1 + tax));
  const rate = toNumber(input.discountRate);
  const sum = toCents(toNumber(input.discountSum));
  if (input.discountTypeId !== undefined) {
    if (typeId === percent && input.discountRate === undefined) throw discountError(world, "discountRate");
    if (typeId === absolute && input.discountSum === undefined) throw discountError(world, "discountSum");
  }
  if (rate === 100 && input.discountSum === undefined) throw discountError(world, "discountSum");
  const priceNetto =
    typeId === absolute || rate === 100 ? toCents(priceExclusive + sum) : toCents(priceExclusive / (1 - rate / 100));
  return {
    priceExclusive,
    priceNetto,
    priceBrutto: toCents(priceNetto * (1 + tax)),
    discountTypeId: typeId,
    discountRate: typeId === absolute && priceNetto !== 0 ? toCents((sum / priceNetto) * 100) : rate,
    discountSum: toCents(priceNetto - priceExclusive),
  };
}

function discountError(world: World, key: "discountRate" | "discountSum"): PortalError {
  return new PortalError("ERROR_CORE", world.say(key));
}

/**
 * Replaces all rows of the deal; none leaves it without rows. A row that comes with the id of one that is there keeps
 * it. Reports whether anything but the row ids is different.
 */
export function replaceRows(world: World, deal: Deal, inputs: Value[]): { rows: ProductRow[]; changed: boolean } {
  const before = world.rows.get(deal.id) ?? [];
  const standing = new Map(before.map((row) => [row.id, row]));
  const rows = inputs.flatMap((input, index) => {
    const row = Array.isArray(input) ? undefined : asMap(input);
    if (!row) return [];
    const old = standing.get(toInt(row.id));
    if (!old) return [readRow(world, deal, row, index)];
    standing.delete(old.id);
    return [readRow(world, deal, { ...unsent(old, row), ...row }, index, old.id)];
  });
  const changed = JSON.stringify(before.map(withoutId)) !== JSON.stringify(rows.map(withoutId));
  if (rows.length > 0) world.rows.set(deal.id, rows);
  else world.rows.delete(deal.id);
  return { rows, changed };
}

/** Puts these rows behind those of the deal. */
export function addRows(world: World, deal: Deal, inputs: ValueMap[]): void {
  const before = world.rows.get(deal.id) ?? [];
  const added = inputs.map((input, index) => readRow(world, deal, input, before.length + index));
  world.rows.set(deal.id, [...before, ...added]);
  world.version++;
}

function withoutId({ id, ...row }: ProductRow): Omit<ProductRow, "id"> {
  return row;
}

export function rowTotals(rows: readonly ProductRow[]): { opportunity: number; taxValue: number } {
  return {
    opportunity: toCents(rows.reduce((sum, { price, quantity }) => sum + price * quantity, 0)),
    taxValue: toCents(
      rows.reduce((sum, { price, priceExclusive, quantity }) => sum + (price - priceExclusive) * quantity, 0),
    ),
  };
}

/** What no method of the newer family sets stays with a row that is saved again; another unit has its own name. */
function unsent({ xmlId, measureCode, measureName }: ProductRow, sent: ValueMap): ValueMap {
  const isSameUnit = (toInt(sent.measureCode) || piece) === measureCode;
  return isSameUnit ? { xmlId, measureName } : { xmlId };
}

/** The row with some of its fields changed. Another product brings its name along, unless one is sent, but no price. */
export function changedRow(world: World, deal: Deal, row: ProductRow, fields: ValueMap, index: number): ProductRow {
  const merged: ValueMap = { ...pricing(row), ...fields };
  if (toInt(merged.measureCode) !== row.measureCode) merged.measureName = "";
  const productId = toInt(merged.productId);
  const product = world.settings.products.find(({ id }) => id === productId);
  if (product && productId !== row.productId && fields.productName === undefined) merged.productName = product.name;
  const read = fields.productId === undefined ? rowOf : readRow;
  return read(world, deal, merged, index, row.id);
}

/** What a partial update keeps of a row; all other prices follow from these. */
export function pricing(row: ProductRow): ValueMap {
  const { productId, productName, price, quantity, taxRate, taxIncluded, measureCode, sort } = row;
  const { measureName, xmlId } = row;
  const unit = { measureCode, measureName };
  const kept = { productId, productName, price, quantity, taxRate, taxIncluded, ...unit, sort, xmlId };
  const { discountTypeId, discountRate, discountSum } = row;
  return discountSum === 0 ? kept : { ...kept, discountTypeId, discountRate, discountSum };
}
