import { updateContact } from "../crm/contacts";
import type { Contact } from "../crm/records";
import { PortalError } from "../protocol/errors";
import { legacyError } from "./legacy";
import { linkMethods } from "./links";
import type { Methods } from "./method";
import { recordMethods } from "./records";

export const contactMethods: Methods = {
  ...recordMethods("contact", {
    check: (world, { name, lastName }) => {
      if (!name && !lastName) throw legacyError(world, "nameRequired");
    },
    noneToUpdate: (world) => legacyError(world, "contactNotFound"),
    noneToDelete: (world) => new PortalError("ERROR_CORE", world.say("elementNotFound")),
  }),
  ...linkMethods({
    owner: "contact",
    linked: "company",
    idsOf: (contact) => (contact as Contact).companyIds,
    save: (world, contact, companyIds, by) => updateContact(world, contact as Contact, { companyIds }, [], by, false),
  }),
};
