import type { World } from "../world";
import { deleteComments } from "./comments";
import { linkContacts } from "./contact-links";
import { applyEdits, communicationFlags, type MultiFieldEdit } from "./multi-fields";
import { blankLead, type Changes, changedFields, firstSource, type Lead } from "./records";
import { leadStagesOf } from "./stages";
import { creationStamps } from "./stamps";
import { admit, isKept } from "./unknown-values";

/** As deals: the newer family is `strict` about stages that there are not, the older one ignores them. */
export function addLead(world: World, asked: Changes, edits: MultiFieldEdit[], by: number, strict: boolean): Lead {
  const changes = admit(world, "lead", asked);
  const now = world.clock.stamp();
  const placed = placement(world, blankLead, changes, strict);
  const links = linkContacts(world, [], changes, by);
  const fm = applyEdits([], edits, () => world.nextId("multiField"));
  const id = world.nextId("lead");
  const lead: Lead = {
    ...blankLead,
    ...firstSource(world),
    assignedById: by,
    currencyId: world.settings.currencies.find(({ base }) => base)?.code ?? "",
    ...changes,
    ...placed,
    ...links,
    ...communicationFlags(fm),
    id,
    fm,
    title: String(changes.title || `${world.say("lead")} #${id}`),
    ...creationStamps(now, by),
    movedTime: now,
    movedBy: by,
  };
  lead.isReturnCustomer = isReturning(lead);
  world.leads.add(lead);
  world.communications.lead.add(id, fm, world.clock.now());
  world.version++;
  world.events.fire("ONCRMLEADADD", id);
  world.automation.created("lead", lead, by);
  return lead;
}

/** As deals: a strict update that would change nothing saves nothing. Reports whether anything differed. */
export function updateLead(
  world: World,
  lead: Lead,
  asked: Changes,
  edits: MultiFieldEdit[],
  by: number,
  strict: boolean,
): boolean {
  const changes = admit(world, "lead", asked);
  const fm = applyEdits(lead.fm, edits, () => world.nextId("multiField"));
  const effective: Changes = { ...changes, ...placement(world, lead, changes, strict) };
  Object.assign(effective, linkContacts(world, lead.contactIds, changes, by), { fm });
  const differing = changedFields(lead, effective);
  if (differing.length === 0 && strict) return false;

  const now = world.clock.stamp();
  const moved = differing.includes("stageId") ? { movedTime: now, movedBy: by } : {};
  const stamps = { ...moved, updatedTime: now, updatedBy: by };
  const isReturnCustomer = isReturning({ ...lead, ...effective });
  world.communications.lead.replace(lead.id, lead.fm, fm, world.clock.now());
  world.leads.update(lead, { ...effective, ...communicationFlags(fm), ...stamps, isReturnCustomer });
  world.version++;
  world.events.fire("ONCRMLEADUPDATE", lead.id);
  world.automation.changed("lead", lead, by);
  return differing.length > 0;
}

export function deleteLead(world: World, lead: Lead): void {
  world.communications.lead.remove(lead.id, lead.fm);
  world.leads.delete(lead);
  deleteComments(world, "lead", lead.id);
  world.version++;
  world.events.fire("ONCRMLEADDELETE", lead.id);
}

/** The stage, with all that follows from it. A new lead is in none yet. */
function placement(world: World, lead: Pick<Lead, "stageId">, { stageId }: Changes, strict: boolean): Changes {
  const { leadStages, unknown } = world.settings;
  const stages = leadStagesOf(leadStages);
  const asked = stages.find(({ statusId }) => statusId === stageId);
  if (!asked && strict && typeof stageId === "string" && stageId !== "" && stageId !== lead.stageId) {
    if (isKept(unknown.stage, "stageId")) return { stageId };
  }
  const stage = asked ?? (lead.stageId === "" ? stages[0] : undefined);
  if (!stage || stage.statusId === lead.stageId) return { stageId: lead.stageId };
  const dateClosed = stage.semantics === "P" ? null : world.clock.stamp();
  return { stageId: stage.statusId, stageSemanticId: stage.semantics, dateClosed };
}

/** The portal takes a lead of a customer it has for a repeated one; no client can say so. */
function isReturning({ companyId, contactIds }: Record<string, unknown>): "Y" | "N" {
  return companyId || (Array.isArray(contactIds) && contactIds.length > 0) ? "Y" : "N";
}
