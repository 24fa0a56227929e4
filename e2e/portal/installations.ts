import type { Portal } from "./portal";

export interface Installation {
  originatorId?: string;
  /** How many people it has registered. */
  count?: number;
  /** The serial number of the first of them in that installation's own database. */
  first?: number;
  productId?: number;
  stageId?: string;
}

interface Ids {
  contactId: number;
  dealId: number;
}

/**
 * The records that another installation of the product, or this one before its database was lost, has left on the
 * portal: per person a contact and a deal with one product row, marked `user-1`, `user-2`…
 */
export function addInstallation(portal: Portal, installation: Installation = {}): Ids[] {
  const { originatorId = "registration", first = 1 } = installation;
  return addPeople(portal, installation, (number) => ({ originatorId, originId: `user-${first + number}` }));
}

/** Customers of the portal's own: contacts and deals that no program has made. */
export function addCustomers(portal: Portal, count = 3): Ids[] {
  return addPeople(portal, { count }, () => ({}));
}

function addPeople(
  portal: Portal,
  { count = 3, first = 1, productId = 1777, stageId }: Installation,
  markOf: (number: number) => { originatorId?: string; originId?: string },
): Ids[] {
  const product = portal.settings.products.find(({ id }) => id === productId);
  const staff = portal.staffAs(portal.settings.webhooks[0]?.userId);
  return Array.from({ length: count }, (_, number) => {
    const mark = markOf(number);
    const contact = staff.addContact(
      { name: "Stranger", lastName: `No. ${first + number}`, ...mark },
      { phones: [`+7495${1_000_000 + first + number}`], emails: [`stranger${first + number}@elsewhere.example`] },
    );
    const deal = staff.addDeal({
      title: `Order of a stranger, no. ${first + number}`,
      currencyId: product?.currency ?? "USD",
      contactIds: [contact.id],
      ...(stageId === undefined ? {} : { stageId }),
      ...mark,
    });
    staff.setRows(deal.id, [{ productId, price: product?.price ?? 0, quantity: 1 }]);
    return { contactId: contact.id, dealId: deal.id };
  });
}
