import { addContact, deleteContact, updateContact } from "../crm/contacts";
import { blankContact } from "../crm/records";
import { legacyMultiFields, legacyShape } from "../crm/shapes";
import { PortalError } from "../protocol/errors";
import { describeLegacy } from "./field-descriptions";
import { guard } from "./guards";
import { draft } from "./item-writing";
import {
  findContact,
  legacyError,
  legacyFields,
  legacyId,
  listLegacy,
  readLegacyChanges,
  readMultiFields,
  requireLegacy,
} from "./legacy";
import { type Methods, scoped, wordingInvalid } from "./method";

export const contactMethods: Methods = scoped("crm", {
  "crm.contact.add": (world, params, { userId }) => {
    const fields = legacyFields(world, params);
    const changes = readLegacyChanges(world, "contact", fields, false);
    if (!changes.name && !changes.lastName) throw legacyError(world, "nameRequired");
    guard(world, userId, "add", "contact", draft("contact", changes, userId), "legacy");
    const edits = readMultiFields(world, fields);
    requireLegacy(world, "contact", { creating: true, values: { ...blankContact, ...changes }, fm: edits });
    const add = () => addContact(world, changes, edits, userId);
    return { result: wordingInvalid(world, "contact", "", add).id, changed: true };
  },
  "crm.contact.get": (world, params, { userId }) => {
    const contact = findContact(world, params, userId, "read");
    const shape = legacyShape(world, world.fields("contact"), contact);
    return { result: Object.assign(shape, legacyMultiFields(contact.fm)) };
  },
  "crm.contact.list": (world, params, { userId }) => listLegacy(world, params, userId, "contact"),
  "crm.contact.update": (world, params, { userId }) => {
    const contact = findContact(world, params, userId, "update", "contactNotFound");
    const fields = legacyFields(world, params);
    const changes = readLegacyChanges(world, "contact", fields, true);
    const edits = readMultiFields(world, fields);
    const update = () => updateContact(world, contact, changes, edits, userId, false);
    return { result: true, changed: wordingInvalid(world, "contact", "", update) };
  },
  "crm.contact.delete": (world, params, { userId }) => {
    const contact = world.contacts.byId.get(legacyId(world, params));
    if (!contact) throw new PortalError("ERROR_CORE", world.say("elementNotFound"));
    deleteContact(world, guard(world, userId, "delete", "contact", contact, "legacy"));
    return { result: true, changed: true };
  },
  "crm.contact.fields": (world) => ({ result: describeLegacy(world, "contact") }),
});
