import type { World } from "../world";
import { linkCompanies } from "./contact-companies";
import { replaceContacts } from "./contact-links";
import { applyEdits, communicationFlags, type MultiFieldEdit } from "./multi-fields";
import { updateReachable } from "./reachable";
import { blankContact, type Changes, type Contact, firstSource } from "./records";
import { creationStamps } from "./stamps";
import { admit } from "./unknown-values";

export function addContact(world: World, asked: Changes, edits: MultiFieldEdit[], by: number): Contact {
  const changes = admit(world, "contact", { ...asked, ...linkCompanies(world, [], asked) });
  const now = world.clock.stamp();
  const fm = applyEdits([], edits, () => world.nextId("multiField"));
  const contact: Contact = {
    ...blankContact,
    ...firstSource(world),
    assignedById: by,
    ...changes,
    ...communicationFlags(fm),
    id: world.nextId("contact"),
    fm,
    ...creationStamps(now, by),
  };
  world.contacts.add(contact);
  world.communications.contact.add(contact.id, fm, world.clock.now());
  world.version++;
  world.events.fire("ONCRMCONTACTADD", contact.id);
  world.automation.created("contact", contact, by);
  return contact;
}

/** See `updateReachable`. */
export const updateContact = (
  world: World,
  contact: Contact,
  asked: Changes,
  edits: MultiFieldEdit[],
  by: number,
  strict: boolean,
): boolean => {
  const changes = { ...asked, ...linkCompanies(world, contact.companyIds, asked) };
  return updateReachable(world, "contact", contact, changes, edits, by, strict);
};

/** Deals and leads lose their link; they are not announced as changed. */
export function deleteContact(world: World, contact: Contact): void {
  world.bin.putContact(contact);
  world.communications.contact.remove(contact.id, contact.fm);
  world.contacts.delete(contact);
  replaceContacts(world, new Set([contact.id]));
  world.version++;
  world.events.fire("ONCRMCONTACTDELETE", contact.id);
}
