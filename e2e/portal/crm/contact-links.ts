import { visibleTo } from "../rights";
import type { World } from "../world";
import type { Collection } from "./collection";
import type { Changes, CrmRecord } from "./records";
import { isKept } from "./unknown-values";

/** `contactIds` replaces the links, `contactId` only adds one. New links must be to contacts that exist and may be read. */
export function linkContacts(world: World, current: number[], changes: Changes, by: number): Changes {
  const { contactIds: replacement, contactId: addition } = changes;
  if (replacement === undefined && addition === undefined) return {};
  const wanted = Array.isArray(replacement) ? (replacement as number[]) : current;
  const all = typeof addition === "number" ? [...wanted, addition] : wanted;
  const visible = visibleTo(world, by, "contact");
  const contactIds = [...new Set(all)].filter((id) => {
    const contact = world.contacts.byId.get(id);
    if (contact && (current.includes(id) || (visible?.(contact) ?? true))) return true;
    return isKept(world.settings.unknown.contact, "contactIds");
  });
  return { contactIds, contactId: contactIds[0] ?? null };
}

/** Links to contacts that are gone become links to the contact that they were merged into, or end. No event is sent. */
export function replaceContacts(world: World, gone: ReadonlySet<number>, by?: number): void {
  relink(world.deals, gone, by);
  relink(world.leads, gone, by);
}

type Linked = CrmRecord & { contactIds: number[] };

function relink<Stored extends Linked>(records: Collection<Stored>, gone: ReadonlySet<number>, by?: number): void {
  for (const record of records.byId.values()) {
    if (!record.contactIds.some((id) => gone.has(id))) continue;
    const kept = record.contactIds.flatMap((id) => (gone.has(id) ? (by ?? []) : id));
    const contactIds = [...new Set(kept)];
    records.update(record, { contactIds, contactId: contactIds[0] ?? null });
  }
}
