import { updateDeal } from "../crm/deals";
import type { Deal } from "../crm/records";
import type { Reply } from "../protocol/envelope";
import { asList, asMap, toFlag, toInt, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { findDeal, legacyError, legacyFields } from "./legacy";
import { type Methods, scoped } from "./method";

/** Links between a deal and its contacts: the first is the primary one, the sort values are 10, 20, 30… */
export const dealContactMethods: Methods = scoped("crm", {
  "crm.deal.contact.add": (world, params, { userId }) => {
    const deal = findDeal(world, params, userId, "update");
    const fields = legacyFields(world, params);
    const id = contactIdIn(world, fields);
    if (deal.contactIds.includes(id)) return { result: false, changed: false };
    const first = toFlag(fields.IS_PRIMARY) === "Y";
    return link(world, deal, first ? [id, ...deal.contactIds] : [...deal.contactIds, id], userId);
  },
  "crm.deal.contact.delete": (world, params, { userId }) => {
    const deal = findDeal(world, params, userId, "update");
    const id = contactIdIn(world, legacyFields(world, params));
    if (!deal.contactIds.includes(id)) throw legacyError(world, "notFound");
    const rest = deal.contactIds.filter((one) => one !== id);
    return link(world, deal, rest, userId);
  },
  "crm.deal.contact.items.get": (world, params, { userId }) => ({
    result: findDeal(world, params, userId, "read").contactIds.map((id, index) => ({
      CONTACT_ID: id,
      SORT: (index + 1) * 10,
      ROLE_ID: 0,
      IS_PRIMARY: index === 0 ? "Y" : "N",
    })),
  }),
  "crm.deal.contact.items.set": (world, params, { userId }) =>
    link(world, findDeal(world, params, userId, "update"), orderedIds(asList(params.items ?? params.ITEMS)), userId),
  "crm.deal.contact.items.delete": (world, params, { userId }) =>
    link(world, findDeal(world, params, userId, "update"), [], userId),
  "crm.deal.contact.fields": () => ({
    result: {
      CONTACT_ID: { type: "integer", isRequired: true, isReadOnly: false },
      SORT: { type: "integer", isRequired: false, isReadOnly: false },
      ROLE_ID: { type: "integer", isRequired: false, isReadOnly: false },
      IS_PRIMARY: { type: "char", isRequired: false, isReadOnly: false },
    },
  }),
});

function contactIdIn(world: World, fields: ValueMap): number {
  const id = toInt(fields.CONTACT_ID);
  if (!world.contacts.byId.has(id)) throw legacyError(world, "contactNotFound");
  return id;
}

/** By their sort values, the one marked as primary before all others. */
function orderedIds(items: Value[]): number[] {
  const links = items.map((item, index) => {
    const { CONTACT_ID, SORT, IS_PRIMARY } = asMap(item) ?? {};
    return { id: toInt(CONTACT_ID), sort: toInt(SORT) || (index + 1) * 10, primary: toFlag(IS_PRIMARY) === "Y" };
  });
  links.sort((left, right) => Number(right.primary) - Number(left.primary) || left.sort - right.sort);
  return links.map(({ id }) => id);
}

function link(world: World, deal: Deal, contactIds: number[], by: number): Reply {
  const { changed } = updateDeal(world, deal, { contactIds }, by, false);
  return { result: true, changed };
}
