import { followRows } from "../crm/deals";
import { replaceRows } from "../crm/product-rows";
import type { Deal } from "../crm/records";
import { legacyParameter } from "../protocol/call";
import { asList, toInt, type ValueMap } from "../protocol/values";
import type { Action } from "../rights";
import type { World } from "../world";
import { guard } from "./guards";
import { legacyError } from "./legacy";
import { readLegacyRow, shapeLegacyRow } from "./legacy-rows";
import { type Methods, scoped } from "./method";
import { recordMethods } from "./records";

export const dealMethods: Methods = {
  ...recordMethods("deal"),
  ...scoped("crm", {
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
  }),
};

function findRowOwner(world: World, params: ValueMap, userId: number, action: Action): Deal {
  const id = toInt(legacyParameter(params, "id"));
  if (id <= 0) throw legacyError(world, "rowsIdInvalid");
  const deal = world.deals.byId.get(id);
  if (!deal) throw legacyError(world, "rowsNotFound");
  return guard(world, userId, action, "deal", deal, "legacy");
}
