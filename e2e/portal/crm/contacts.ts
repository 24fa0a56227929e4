import type { World } from "../world";
import { replaceContacts } from "./contact-links";
import { applyEdits, communicationFlags, type MultiFieldEdit } from "./multi-fields";
import { blankContact, type Changes, type Contact, changedFields } from "./records";
import { admit } from "./unknown-values";

export function addContact(world: World, asked: Changes, edits: MultiFieldEdit[], by: number): Contact {
  const changes = admit(world, "contact", asked);
  const now = world.clock.stamp();
  const fm = applyEdits([], edits, () => world.nextId("multiField"));
  const contact: Contact = {
    ...blankContact,
    assignedById: by,
    ...changes,
    ...communicationFlags(fm),
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
  world.communications.contact.add(contact.id, fm, world.clock.now());
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
  world.communications.contact.replace(contact.id, contact.fm, fm, world.clock.now());
  world.contacts.update(contact, {
    ...changes,
    fm,
    ...communicationFlags(fm),
    updatedTime: world.clock.stamp(),
    updatedBy: by,
  });
  world.version++;
  world.events.fire("ONCRMCONTACTUPDATE", contact.id);
  return changed;
}

/** Deals and leads lose their link; they are not announced as changed. */
export function deleteContact(world: World, contact: Contact): void {
  world.bin.putContact(contact);
  world.communications.contact.remove(contact.id, contact.fm);
  world.contacts.delete(contact);
  replaceContacts(world, new Set([contact.id]));
  world.version++;
  world.events.fire("ONCRMCONTACTDELETE", contact.id);
}
