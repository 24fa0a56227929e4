import type { World } from "../world";
import type { Changes } from "./records";
import { isKept } from "./unknown-values";

/**
 * `companyIds` replaces the links. `companyId` becomes the primary one: a company that is linked already by its place, another
 * one instead of that which was primary before. What becomes of companies that do not exist is a setting.
 */
export function linkCompanies(
  world: World,
  current: readonly number[],
  { companyIds: all, companyId }: Changes,
): Changes {
  const isTaken = (id: number) =>
    current.includes(id) || world.companies.byId.has(id) || isKept(world.settings.unknown.company, "companyId");
  const ids = (Array.isArray(all) ? (all as number[]) : current).filter(isTaken);
  if (typeof companyId === "number" && companyId > 0) {
    if (!isTaken(companyId)) return all === undefined ? {} : linksTo(ids);
    const isReplaced = all === undefined && !ids.includes(companyId);
    return linksTo([companyId, ...(isReplaced ? ids.slice(1) : ids)]);
  }
  if (all !== undefined) return linksTo(Array.isArray(all) ? ids : []);
  return companyId === undefined ? {} : linksTo(ids.slice(1));
}

function linksTo(ids: number[]): Changes {
  const unique = [...new Set(ids)];
  return { companyIds: unique, companyId: unique[0] ?? null };
}

/** Links to companies that are gone become links to the one that they were merged into, or end. */
export function replaceCompanies(world: World, gone: ReadonlySet<number>, to: number | null): void {
  for (const contact of world.contacts.byId.values()) {
    if (!contact.companyIds.some((id) => gone.has(id))) continue;
    const kept = contact.companyIds.flatMap((id) => (gone.has(id) ? (to ?? []) : id));
    world.contacts.update(contact, linksTo(kept));
  }
}
