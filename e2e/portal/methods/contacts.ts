import { addContact, deleteContact, updateContact } from "../crm/contacts";
import { legacyMultiFields, legacyShape } from "../crm/shapes";
import { PortalError } from "../protocol/errors";
import { describeLegacy } from "./field-descriptions";
import {
  findContact,
  legacyError,
  legacyFields,
  legacyId,
  listLegacy,
  readLegacyChanges,
  readMultiFields,
} from "./legacy";
import { type Methods, scoped } from "./method";

export const contactMethods: Methods = scoped("crm", {
  "crm.contact.add": (world, params, { userId }) => {
    const fields = legacyFields(world, params);
    const changes = readLegacyChanges(world, "contact", fields, false);
    if (!changes.name && !changes.lastName) throw legacyError(world, "nameRequired");
    return { result: addContact(world, changes, readMultiFields(world, fields), userId).id, changed: true };
  },
  "crm.contact.get": (world, params) => {
    const contact = findContact(world, params);
    const shape = legacyShape(world, world.fields("contact"), contact);
    return { result: Object.assign(shape, legacyMultiFields(contact.fm)) };
  },
  "crm.contact.list": (world, params) => listLegacy(world, params, "contact"),
  "crm.contact.update": (world, params, { userId }) => {
    const contact = findContact(world, params, "contactNotFound");
    const fields = legacyFields(world, params);
    const changes = readLegacyChanges(world, "contact", fields, true);
    const changed = updateContact(world, contact, changes, readMultiFields(world, fields), userId, false);
    return { result: true, changed };
  },
  "crm.contact.delete": (world, params) => {
    const contact = world.contacts.byId.get(legacyId(world, params));
    if (!contact) throw new PortalError("ERROR_CORE", world.say("elementNotFound"));
    deleteContact(world, contact);
    return { result: true, changed: true };
  },
  "crm.contact.fields": (world) => ({ result: describeLegacy(world, "contact") }),
});
