import { addDeal, deleteDeal, followRows, updateDeal } from "../crm/deals";
import { replaceRows } from "../crm/product-rows";
import { blankDeal, type Deal } from "../crm/records";
import { legacyShape } from "../crm/shapes";
import { legacyParameter } from "../protocol/call";
import { asList, toInt, type ValueMap } from "../protocol/values";
import type { Action } from "../rights";
import type { World } from "../world";
import { describeLegacy } from "./field-descriptions";
import { guard } from "./guards";
import { draft } from "./item-writing";
import { findDeal, legacyError, legacyFields, listLegacy, readLegacyChanges, requireLegacy } from "./legacy";
import { readLegacyRow, shapeLegacyRow } from "./legacy-rows";
import { type Methods, scoped, wordingInvalid } from "./method";

export const dealMethods: Methods = scoped("crm", {
  "crm.deal.add": (world, params, { userId }) => {
    const changes = readLegacyChanges(world, "deal", legacyFields(world, params), false);
    guard(world, userId, "add", "deal", draft("deal", changes, userId), "legacy");
    requireLegacy(world, "deal", { creating: true, values: { ...blankDeal, ...changes }, fm: [] });
    return {
      result: wordingInvalid(world, "deal", "", () => addDeal(world, changes, userId, false)).id,
      changed: true,
    };
  },
  "crm.deal.get": (world, params, { userId }) => ({
    result: legacyShape(world, world.fields("deal"), findDeal(world, params, userId, "read")),
  }),
  "crm.deal.list": (world, params, { userId }) => listLegacy(world, params, userId, "deal"),
  "crm.deal.update": (world, params, { userId }) => {
    const deal = findDeal(world, params, userId, "update");
    const changes = readLegacyChanges(world, "deal", legacyFields(world, params), true);
    const { changed } = wordingInvalid(world, "deal", "", () => updateDeal(world, deal, changes, userId, false));
    return { result: true, changed };
  },
  "crm.deal.delete": (world, params, { userId }) => {
    deleteDeal(world, findDeal(world, params, userId, "delete"));
    return { result: true, changed: true };
  },
  "crm.deal.fields": (world) => ({ result: describeLegacy(world, "deal") }),
  "crm.deal.productrows.get": (world, params, { userId }) => {
    const deal = findRowOwner(world, params, userId, "read");
    return { result: (world.rows.get(deal.id) ?? []).map(shapeLegacyRow) };
  },
  // Rows that are missing, or arrive in a shape that is no list, empty the deal and count as a success.
  "crm.deal.productrows.set": (world, params, { userId }) => {
    const deal = findRowOwner(world, params, userId, "update");
    const inputs = asList(legacyParameter(params, "rows")).flatMap((row) => readLegacyRow(row) ?? []);
    const { changed } = replaceRows(world, deal, inputs);
    followRows(world, deal, userId);
    return { result: true, changed };
  },
});

function findRowOwner(world: World, params: ValueMap, userId: number, action: Action): Deal {
  const id = toInt(legacyParameter(params, "id"));
  if (id <= 0) throw legacyError(world, "rowsIdInvalid");
  const deal = world.deals.byId.get(id);
  if (!deal) throw legacyError(world, "rowsNotFound");
  return guard(world, userId, action, "deal", deal, "legacy");
}
