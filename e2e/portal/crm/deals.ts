import { today } from "../protocol/dates";
import type { World } from "../world";
import { linkContacts } from "./contact-links";
import { rowTotals } from "./product-rows";
import { blankDeal, type Changes, changedFields, type Deal, firstSource } from "./records";
import { type Stage, stagesOf } from "./stages";
import { creationStamps } from "./stamps";
import { admit, isKept } from "./unknown-values";

const day = 86_400_000;

/** The newer family is `strict`: what becomes of a stage of another funnel is a setting. In the older one it is ignored. */
export function addDeal(world: World, asked: Changes, by: number, strict: boolean): Deal {
  const changes = admit(world, "deal", asked);
  const now = world.clock.stamp();
  const { utcOffsetMinutes, currencies, funnels } = world.settings;
  const id = world.nextId("deal");
  const deal: Deal = {
    ...blankDeal,
    ...firstSource(world),
    assignedById: by,
    currencyId: currencies.find(({ base }) => base)?.code ?? "",
    begindate: today(now, utcOffsetMinutes),
    closedate: today(now + 7 * day, utcOffsetMinutes),
    ...changes,
    id,
    title: String(changes.title || `${world.say("deal")} #${id}`),
    ...creationStamps(now, by),
    movedTime: now,
    movedBy: by,
  };
  const { unknown } = world.settings;
  const isFunnel = funnels.some((funnel) => funnel.id === deal.categoryId);
  if (!isFunnel && !isKept(unknown.category, "categoryId")) deal.categoryId = 0;
  const stages = stagesOf(funnels, deal.categoryId);
  const known = stages.find(({ statusId }) => statusId === deal.stageId);
  const kept = !known && strict && deal.stageId !== "" && isKept(unknown.stage, "stageId");
  const stage = kept ? undefined : (known ?? stages[0]);
  if (stage) Object.assign(deal, derivedFrom(world, stage));
  Object.assign(deal, linkContacts(world, [], changes, by));
  world.deals.add(deal);
  world.version++;
  world.events.fire("ONCRMDEALADD", id);
  world.automation.created("deal", deal, by);
  return deal;
}

/** Whether anything changed, and whether the deal went to another funnel. */
interface DealUpdate {
  changed: boolean;
  moved: boolean;
}

/**
 * Saves what the portal lets a client change. `crm.item.update` is strict: it may move the deal to another funnel, treats
 * a foreign stage as set and saves nothing if nothing differs. `crm.deal.update` ignores both, and always saves.
 */
export function updateDeal(world: World, deal: Deal, asked: Changes, by: number, strict: boolean): DealUpdate {
  const changes = admit(world, "deal", asked);
  const effective: Changes = { ...changes, ...placement(world, deal, changes, strict) };
  Object.assign(effective, linkContacts(world, deal.contactIds, changes, by));
  if (effective.isManualOpportunity === "N" && effective.opportunity === undefined && world.rows.has(deal.id)) {
    effective.opportunity = rowTotals(world.rows.get(deal.id) ?? []).opportunity;
  }
  const differing = changedFields(deal, effective);
  if (differing.length === 0 && strict) return { changed: false, moved: false };

  const now = world.clock.stamp();
  const stamps = differing.includes("stageId") ? { movedTime: now, movedBy: by } : {};
  const moved = differing.includes("categoryId");
  world.deals.update(deal, { ...effective, ...stamps, updatedTime: now, updatedBy: by });
  world.version++;
  // A move between funnels has an event of its own that an outgoing webhook cannot subscribe to.
  if (!moved) world.events.fire("ONCRMDEALUPDATE", deal.id);
  world.automation.changed("deal", deal, by);
  return { changed: differing.length > 0, moved };
}

/**
 * Makes a deal recurring, as its card does: a template that no funnel shows, and the first of the deals that the portal makes
 * from it at intervals. Both are copies with the deal's external id, contacts and rows, from the funnel's first stage on.
 */
export function makeRecurring(world: World, deal: Deal, by: number): { template: Deal; made: Deal } {
  const { id, title, ...fields } = structuredClone(deal);
  const copy = (isRecurring: "Y" | "N"): Deal => {
    const copied = addDeal(world, { ...fields, title, stageId: "", isRecurring }, by, true);
    const rows = world.rows.get(id) ?? [];
    const own = rows.map((row) => ({ ...row, id: world.nextId("row"), ownerId: copied.id }));
    if (own.length > 0) world.rows.set(copied.id, own);
    return copied;
  };
  return { template: copy("Y"), made: copy("N") };
}

export function deleteDeal(world: World, deal: Deal): void {
  world.bin.putDeal(deal);
  world.deals.delete(deal);
  world.rows.delete(deal.id);
  for (const payment of world.payments.values()) if (payment.dealId === deal.id) world.payments.delete(payment.id);
  world.version++;
  world.events.fire("ONCRMDEALDELETE", deal.id);
}

/** After rows are saved the tax follows them, and the amount too unless it was fixed by hand or the portal does not recompute. */
export function followRows(world: World, deal: Deal, by: number): void {
  const { opportunity, taxValue } = rowTotals(world.rows.get(deal.id) ?? []);
  const follows = deal.isManualOpportunity !== "Y" && world.settings.switches.recomputeOpportunity;
  const changes = { taxValue, ...(follows ? { opportunity } : {}) };
  world.version++;
  world.automation.rowsSaved(deal, by);
  if (changedFields(deal, changes).length === 0) return;
  world.deals.update(deal, { ...changes, updatedTime: world.clock.stamp(), updatedBy: by });
  world.events.fire("ONCRMDEALUPDATE", deal.id);
}

/** Funnel and stage after an update, with all that follows from the stage. */
function placement(world: World, deal: Deal, changes: Changes, strict: boolean): Changes {
  const { funnels, unknown } = world.settings;
  const wanted = changes.categoryId;
  const isFunnel = typeof wanted === "number" && stagesOf(funnels, wanted).length > 0;
  const follows = strict && typeof wanted === "number" && (isFunnel || isKept(unknown.category, "categoryId"));
  const categoryId = follows ? wanted : deal.categoryId;
  const stages = stagesOf(funnels, categoryId);
  const asked = stages.find(({ statusId }) => statusId === changes.stageId);
  const { stageId } = changes;
  if (!asked && strict && typeof stageId === "string" && categoryId === deal.categoryId && stageId !== deal.stageId) {
    if (isKept(unknown.stage, "stageId")) return { categoryId, stageId };
  }
  const stage = asked ?? (categoryId === deal.categoryId ? undefined : stages[0]);
  const kept = { categoryId, stageId: deal.stageId, closed: deal.closed };
  if (!stage || stage.statusId === deal.stageId) return kept;
  return { categoryId, ...derivedFrom(world, stage) };
}

function derivedFrom(world: World, stage: Stage): Changes {
  const { statusId: stageId, semantics: stageSemanticId } = stage;
  const isNew = stageId.endsWith("NEW") ? "Y" : "N";
  if (stageSemanticId === "P") return { stageId, stageSemanticId, isNew, closed: "N" };
  const closedate = today(world.clock.now(), world.settings.utcOffsetMinutes);
  return { stageId, stageSemanticId, isNew, closed: "Y", closedate };
}
