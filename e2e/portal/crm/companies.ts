import type { World } from "../world";
import type { Collection } from "./collection";
import { applyEdits, communicationFlags, type MultiFieldEdit } from "./multi-fields";
import { blankCompany, type Changes, type Company, type CrmRecord, changedFields } from "./records";
import { admit } from "./unknown-values";

export function addCompany(world: World, asked: Changes, edits: MultiFieldEdit[], by: number): Company {
  const changes = admit(world, "company", asked);
  const id = freeId(world);
  const fm = applyEdits([], edits, () => world.nextId("multiField"));
  const company = newCompany(world, id, { ...changes, ...communicationFlags(fm), fm }, by);
  world.communications.company.add(id, fm, world.clock.now());
  world.version++;
  world.events.fire("ONCRMCOMPANYADD", id);
  world.automation.created("company", company, by);
  return company;
}

/**
 * Those that the settings name stand there from the beginning: no program and no manager is told of them. Each is made once,
 * so that one that was deleted does not come back with the next change of the settings.
 */
export function seedCompanies(world: World): void {
  for (const { id, title } of world.settings.companies) {
    if (world.seededCompanies.has(id)) continue;
    world.seededCompanies.add(id);
    if (!world.companies.byId.has(id)) newCompany(world, id, { title }, firstUser);
  }
}

const firstUser = 1;

function newCompany(world: World, id: number, changes: Changes, by: number): Company {
  const now = world.clock.stamp();
  const company: Company = {
    ...blankCompany,
    assignedById: by,
    currencyId: world.settings.currencies.find(({ base }) => base)?.code ?? "",
    ...changes,
    id,
    title: String(changes.title || `${world.say("company")} #${id}`),
    createdTime: now,
    updatedTime: now,
    lastActivityTime: now,
    createdBy: by,
    updatedBy: by,
    lastActivityBy: by,
  };
  world.companies.add(company);
  return company;
}

/** A company that the settings name may have taken the next number. */
function freeId(world: World): number {
  const id = world.nextId("company");
  return world.companies.byId.has(id) ? freeId(world) : id;
}

/** As contacts: the older method saves, stamps and announces even what is equal. Reports whether anything differed. */
export function updateCompany(
  world: World,
  company: Company,
  asked: Changes,
  edits: MultiFieldEdit[],
  by: number,
  strict: boolean,
): boolean {
  const changes = admit(world, "company", asked);
  const fm = applyEdits(company.fm, edits, () => world.nextId("multiField"));
  const changed = changedFields(company, { ...changes, fm }).length > 0;
  if (!changed && strict) return false;
  world.communications.company.replace(company.id, company.fm, fm, world.clock.now());
  const stamps = { updatedTime: world.clock.stamp(), updatedBy: by };
  world.companies.update(company, { ...changes, fm, ...communicationFlags(fm), ...stamps });
  world.version++;
  world.events.fire("ONCRMCOMPANYUPDATE", company.id);
  return changed;
}

/** Contacts, deals and leads lose their link, and are not announced as changed. What stands on its timeline goes with it. */
export function deleteCompany(world: World, company: Company): void {
  world.communications.company.remove(company.id, company.fm);
  world.companies.delete(company);
  unlink(world.contacts, company.id);
  unlink(world.deals, company.id);
  unlink(world.leads, company.id);
  for (const { id, entityType, entityId } of world.comments.values()) {
    if (entityType === "company" && entityId === company.id) world.comments.delete(id);
  }
  world.version++;
  world.events.fire("ONCRMCOMPANYDELETE", company.id);
}

function unlink<Stored extends CrmRecord>(records: Collection<Stored>, companyId: number): void {
  for (const record of records.byId.values()) {
    if (record.companyId === companyId) records.update(record, { companyId: null });
  }
}
