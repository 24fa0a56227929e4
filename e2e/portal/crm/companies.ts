import type { World } from "../world";
import type { Collection } from "./collection";
import { deleteComments } from "./comments";
import { replaceCompanies } from "./contact-companies";
import { applyEdits, communicationFlags, type MultiFieldEdit } from "./multi-fields";
import { updateReachable } from "./reachable";
import { blankCompany, type Changes, type Company, type CrmRecord } from "./records";
import { creationStamps } from "./stamps";
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
    ...creationStamps(now, by),
  };
  world.companies.add(company);
  return company;
}

/** A company that the settings name may have taken the next number. */
function freeId(world: World): number {
  const id = world.nextId("company");
  return world.companies.byId.has(id) ? freeId(world) : id;
}

/** See `updateReachable`. */
export const updateCompany = (
  world: World,
  company: Company,
  asked: Changes,
  edits: MultiFieldEdit[],
  by: number,
  strict: boolean,
): boolean => updateReachable(world, "company", company, asked, edits, by, strict);

/** Contacts, deals and leads lose their link, and are not announced as changed. */
export function deleteCompany(world: World, company: Company): void {
  world.communications.company.remove(company.id, company.fm);
  world.companies.delete(company);
  linkToCompany(world, new Set([company.id]), null);
  deleteComments(world, "company", company.id);
  world.version++;
  world.events.fire("ONCRMCOMPANYDELETE", company.id);
}

/** Has those who belong to companies that go belong to another one, or to none. No event is sent. */
export function linkToCompany(world: World, gone: ReadonlySet<number>, to: number | null): void {
  replaceCompanies(world, gone, to);
  for (const records of [world.deals, world.leads] as Collection<CrmRecord>[]) {
    for (const record of records.byId.values()) {
      if (gone.has(Number(record.companyId))) records.update(record, { companyId: to });
    }
  }
}
