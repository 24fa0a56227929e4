import type { Logger } from "../platform/log";
import {
  type CrmSettings,
  clippedFields,
  contactFields,
  contactType,
  dealFields,
  dealType,
  missingPhone,
  type ProductInfo,
} from "./fields";
import { givesPhone, type Match, type PortalContact } from "./match-contact";
import { type Person, travel } from "./registrant";
import { createdDeal, createdItem, parseAnswer } from "./responses";
import type { Work } from "./run-phase";

/** One person's commands of the phases "contacts" and "deals", and how their answers are read. */

export type WithContact = Person & { contactId: number };

export interface Making {
  settings: CrmSettings;
  /** ORIGINATOR_ID of what is made. */
  originatorId: string;
  log: Logger;
}

export function addContact(person: Person, { settings, originatorId, log }: Making): Work {
  for (const field of clippedFields(person))
    log.info({ userId: person.userId, field }, "text was clipped to the portal's limit");
  return {
    userId: person.userId,
    command: {
      kind: "contact.add",
      method: "crm.item.add",
      params: { entityTypeId: contactType, fields: contactFields(person, settings, originatorId) },
      ...travel(person),
    },
    read: (value) => ({ contactId: parseAnswer("crm.item.add", createdItem, value).item.id, contactBy: "made" }),
  };
}

/**
 * A contact that stood there before is linked and nothing in it is changed by what a visitor typed. Only who has shown
 * to own the address by which it was found may add a phone, and only to a contact without one.
 */
export function linkContact(person: Person, { contact, by }: Match): Work {
  const contactBy = by === "email" && person.emailConfirmed ? "confirmed" : by;
  const link = () => ({ contactId: contact.id, contactBy }) as const;
  const fields = givesPhone(person, { contact, by }) ? missingPhone(person) : null;
  if (!fields) return { userId: person.userId, read: link };
  return {
    userId: person.userId,
    command: {
      kind: "contact.update",
      method: "crm.item.update",
      params: { entityTypeId: contactType, id: contact.id, fields },
      isolated: person.isolated,
      lenient: true,
    },
    read: (value) => {
      parseAnswer("crm.item.update", createdItem, value);
      return link();
    },
    // A contact that we may not change is still the right one to link.
    onRefused: link,
  };
}

export function addDeal(
  person: WithContact,
  { settings, originatorId, log }: Making,
  { product, linked }: { product: ProductInfo; linked: PortalContact | null },
): Work {
  return {
    userId: person.userId,
    command: {
      kind: "deal.add",
      method: "crm.item.add",
      params: { entityTypeId: dealType, fields: dealFields(person, settings, { originatorId, product, linked }) },
      ...travel(person),
    },
    read: (value) => {
      const { item } = parseAnswer("crm.item.add", createdDeal, value);
      if (item.currencyId !== "USD" || Math.round(item.opportunity * 100) !== Math.round(product.priceUsd * 100))
        log.warn(
          { userId: person.userId, dealId: item.id, currency: item.currencyId },
          "the portal stored another amount than was sent",
        );
      return { dealId: item.id };
    },
  };
}

/** Gives a deal that stands without a contact, since its own was deleted, the new one. */
export function relinkDeal(person: WithContact, dealId: number): Work {
  const { userId, contactId } = person;
  return {
    userId,
    command: {
      kind: "deal.update",
      method: "crm.item.update",
      params: { entityTypeId: dealType, id: dealId, fields: { contactIds: [contactId] } },
      ...travel(person),
    },
    read: (value) => {
      parseAnswer("crm.item.update", createdItem, value);
      return { dealId };
    },
  };
}
