import type { Webhook } from "../administration";
import { followRows } from "../crm/deals";
import { prefixes } from "../crm/filter";
import { changedRow, type ProductRow, readRow, replaceRows } from "../crm/product-rows";
import type { Deal } from "../crm/records";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import type { Action } from "../rights";
import type { World } from "../world";
import { guard } from "./guards";
import { type Methods, missingParameter, scoped } from "./method";
import { matching, pageOf, sortBy } from "./plain-lists";

export const productRowMethods: Methods = scoped("crm", {
  "crm.item.productrow.set": (world, params, { userId }) => {
    const deal = ownerOf(world, params.ownerType, params.ownerId, userId);
    if (!asMap(params.productRows)) throw missingParameter(world, "productRows");
    const { rows, changed } = replaceRows(world, deal, asList(params.productRows).map(settable));
    followRows(world, deal, userId);
    return { result: { productRows: rows.map(shape) }, changed };
  },
  "crm.item.productrow.add": (world, params, { userId }) => {
    const fields = asMap(params.fields);
    if (!fields) throw missingParameter(world, "fields");
    const deal = ownerOf(world, fields.ownerType, fields.ownerId, userId);
    const rows = world.rows.get(deal.id) ?? [];
    const row = readRow(world, deal, withoutOwn(fields), rows.length);
    return save(world, deal, [...rows, row], userId, { productRow: shape(row) });
  },
  "crm.item.productrow.update": (world, params, { userId }) => {
    const { deal, rows, row } = findRow(world, params, userId, "update");
    const fields = asMap(params.fields);
    if (!fields) throw missingParameter(world, "fields");
    const names = Object.keys(fields);
    if (names.length === 0) return { result: null, changed: false };
    if (!names.some((name) => takenFields.has(name)))
      throw new PortalError("INVALID_ARG_VALUE", world.say("noRowField"));
    const updated = changedRow(world, deal, row, withoutOwn(fields), rows.indexOf(row));
    const next = rows.map((one) => (one === row ? updated : one));
    return save(world, deal, next, userId, { productRow: shape(updated) });
  },
  "crm.item.productrow.get": (world, params, { userId }) => ({
    result: { productRow: shape(findRow(world, params, userId, "read").row) },
  }),
  "crm.item.productrow.delete": (world, params, { userId }) => {
    const { deal, rows, row } = findRow(world, params, userId, "update");
    const rest = rows.filter((one) => one !== row);
    return save(world, deal, rest, userId, []);
  },
  "crm.item.productrow.list": listRows,
});

/** The deal whose rows are to be changed. */
function ownerOf(world: World, type: Value | undefined, id: Value | undefined, userId: number): Deal {
  if (type === undefined) throw missingParameter(world, "ownerType");
  if (id === undefined) throw missingParameter(world, "ownerId");
  requireSupport(world, type);
  const deal = world.deals.byId.get(toInt(id));
  if (!deal) throw new PortalError("OWNER_NOT_FOUND", world.say("ownerNotFound"));
  return guard(world, userId, "update", "deal", deal);
}

function requireSupport(world: World, ownerType: Value): void {
  if (toText(ownerType) === "D" && world.settings.switches.universalDeals === "known") return;
  throw new PortalError("ENTITY_TYPE_NOT_SUPPORTED", world.say("typeNotSupported"));
}

function save(world: World, deal: Deal, rows: ProductRow[], by: number, result: ValueMap | []): Reply {
  world.rows.set(deal.id, rows);
  if (rows.length === 0) world.rows.delete(deal.id);
  followRows(world, deal, by);
  return { result, changed: true };
}

function findRow(
  world: World,
  params: ValueMap,
  userId: number,
  action: Action,
): { deal: Deal; rows: ProductRow[]; row: ProductRow } {
  if (params.id === undefined) throw missingParameter(world, "id");
  const id = toInt(params.id);
  for (const [dealId, rows] of world.rows) {
    const row = rows.find((one) => one.id === id);
    const deal = world.deals.byId.get(dealId);
    if (row && deal) return { deal: guard(world, userId, action, "deal", deal), rows, row };
  }
  throw new PortalError("NOT_FOUND", world.say("elementNotFound"));
}

/** The owner's number and type are required, with the equals sign in their names. */
function listRows(world: World, params: ValueMap, { userId }: Webhook): Reply {
  const filter = asMap(params.filter) ?? {};
  const ownerId = filter["=ownerId"] ?? filter.ownerId;
  const ownerType = filter["=ownerType"] ?? filter.ownerType;
  if (ownerId === undefined || ownerType === undefined) {
    throw new PortalError("INVALID_ARG_VALUE", world.sentences.missingParameter("filter"));
  }
  requireSupport(world, ownerType);
  const owners = (typeof ownerId === "object" ? asList(ownerId) : [ownerId]).map(toInt);
  for (const id of owners) {
    const deal = world.deals.byId.get(id);
    if (deal) guard(world, userId, "read", "deal", deal);
  }
  const order = asMap(params.order) ?? {};
  refuseUnknown(world, filter, order);
  const rows = matching(owners.flatMap((id) => world.rows.get(id) ?? []).map(shape), filter);
  // A database may order each page differently unless asked: here all pages but the first are in reverse.
  if (Object.keys(order).length > 0) sortBy(rows, order);
  else if (toInt(params.start) > 0) rows.reverse();
  const { page, ...counts } = pageOf(rows, params.start);
  return { result: { productRows: page }, ...counts };
}

const rowFields = new Set(
  [
    "id ownerId ownerType productId productName price priceExclusive priceNetto priceBrutto priceAccount quantity",
    "discountTypeId discountRate discountSum taxRate taxIncluded measureCode measureName sort xmlId customized type storeId",
  ].flatMap((names) => names.split(" ")),
);

/** As `crm.item.list` does. */
function refuseUnknown(world: World, filter: ValueMap, order: ValueMap): void {
  const { filterField, orderField } = world.sentences;
  for (const key of Object.keys(filter)) {
    const name = prefixes.exec(key)?.[2] ?? "";
    if (!rowFields.has(name)) throw new PortalError("INVALID_ARG_VALUE", filterField(name));
  }
  for (const name of Object.keys(order)) {
    if (!rowFields.has(name)) throw new PortalError("INVALID_ARG_VALUE", orderField(name));
  }
}

/** What an update takes; of the last five it keeps nothing. */
const takenFields = new Set(
  [
    "productId productName price quantity discountTypeId discountRate discountSum taxRate taxIncluded measureCode sort",
    "ownerId ownerType measureName customized taxName",
  ].flatMap((names) => names.split(" ")),
);

/** What the older methods let a client set of a row, and these work out by themselves. */
function withoutOwn({ measureName: _name, xmlId: _id, ...fields }: ValueMap): ValueMap {
  return fields;
}

/** A row as it was sent; what is none stays so. */
function settable(input: Value): Value {
  const row = Array.isArray(input) ? undefined : asMap(input);
  return row ? withoutOwn(row) : input;
}

function shape(row: ProductRow): ValueMap {
  return { ...row, ownerType: "D" };
}
