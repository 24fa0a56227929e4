import type { World } from "../world";
import { applyEdits, type MultiField, type MultiFieldEdit } from "./multi-fields";
import { blankContact, type Changes, type Contact, changedFields } from "./records";
import { admit } from "./unknown-values";

/** The portal's part of a contact that no client writes. */
function flags(fm: readonly MultiField[]) {
  const has = (typeId: string) => (fm.some((field) => field.typeId === typeId) ? "Y" : "N");
  return { hasPhone: has("PHONE"), hasEmail: has("EMAIL"), hasImol: has("IM") };
}

export function addContact(world: World, asked: Changes, edits: MultiFieldEdit[], by: number): Contact {
  const changes = admit(world, "contact", asked);
  const now = world.clock.stamp();
  const fm = applyEdits([], edits, () => world.nextId("multiField"));
  const contact: Contact = {
    ...blankContact,
    assignedById: by,
    ...changes,
    ...flags(fm),
    id: world.nextId("contact"),
    fm,
    createdTime: now,
    updatedTime: now,
    lastActivityTime: now,
    createdBy: by,
    updatedBy: by,
    lastActivityBy: by,
  };
  world.contacts.add(contact);
  world.communications.add(contact.id, fm, world.clock.now());
  world.version++;
  world.events.fire("ONCRMCONTACTADD", contact.id);
  world.automation.created("contact", contact, by);
  return contact;
}

/** The older method saves, stamps and announces even what is equal; a `strict` one leaves it alone. Reports whether anything differed. */
export function updateContact(
  world: World,
  contact: Contact,
  asked: Changes,
  edits: MultiFieldEdit[],
  by: number,
  strict: boolean,
): boolean {
  const changes = admit(world, "contact", asked);
  const fm = applyEdits(contact.fm, edits, () => world.nextId("multiField"));
  const changed = changedFields(contact, { ...changes, fm }).length > 0;
  if (!changed && strict) return false;
  world.communications.replace(contact.id, contact.fm, fm, world.clock.now());
  world.contacts.update(contact, { ...changes, fm, ...flags(fm), updatedTime: world.clock.stamp(), updatedBy: by });
  world.version++;
  world.events.fire("ONCRMCONTACTUPDATE", contact.id);
  return changed;
}

/** Deals lose their link; they are not announced as changed. */
export function deleteContact(world: World, contact: Contact): void {
  world.communications.remove(contact.id, contact.fm);
  world.contacts.delete(contact);
  for (const deal of world.deals.byId.values()) {
    if (!deal.contactIds.includes(contact.id)) continue;
    const contactIds = deal.contactIds.filter((id) => id !== contact.id);
    world.deals.update(deal, { contactIds, contactId: contactIds[0] ?? null });
  }
  world.version++;
  world.events.fire("ONCRMCONTACTDELETE", contact.id);
}
