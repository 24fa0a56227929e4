import type { World } from "../world";
import type { ProductRow } from "./product-rows";
import type { Contact, Deal } from "./records";

interface Binned {
  deals: Map<number, { deal: Deal; rows: ProductRow[] }>;
  /** With the deals that lost their link to the contact. */
  contacts: Map<number, { contact: Contact; dealIds: number[] }>;
}

/**
 * Deleted records by their former id, until the portal's memory is cleared. A restored record gets the next free id; it
 * keeps its fields, its external id, its times of creation and change, and its links to records that still exist.
 */
export class RecycleBin {
  readonly #world: World;
  readonly #binned: Binned = { deals: new Map(), contacts: new Map() };

  constructor(world: World) {
    this.#world = world;
  }

  /** Called before the deal is deleted. */
  putDeal(deal: Deal): void {
    const rows = this.#world.rows.get(deal.id) ?? [];
    this.#binned.deals.set(deal.id, structuredClone({ deal, rows }));
  }

  /** Called before the contact is deleted. */
  putContact(contact: Contact): void {
    const linked = [...this.#world.deals.byId.values()].filter(({ contactIds }) => contactIds.includes(contact.id));
    const dealIds = linked.map(({ id }) => id);
    this.#binned.contacts.set(contact.id, structuredClone({ contact, dealIds }));
  }

  /** @throws RangeError if it is not in the bin */
  restoreDeal(oldId: number): Deal {
    const { deal, rows } = take(this.#binned.deals, oldId);
    const world = this.#world;
    const id = world.nextId("deal");
    const contactIds = deal.contactIds.filter((contactId) => world.contacts.byId.has(contactId));
    const restored = { ...deal, id, contactIds, contactId: contactIds[0] ?? null };
    world.deals.add(restored);
    if (rows.length > 0)
      world.rows.set(
        id,
        rows.map((row) => ({ ...row, id: world.nextId("row"), ownerId: id })),
      );
    // A contact that still lies in the bin finds the deal when it is restored.
    for (const { contact, dealIds } of this.#binned.contacts.values())
      if (dealIds.includes(oldId) || deal.contactIds.includes(contact.id)) dealIds.push(id);
    world.version++;
    world.events.fire("ONCRMDEALADD", id);
    return restored;
  }

  /** Deals that have another contact by now get it behind that one. @throws RangeError if it is not in the bin */
  restoreContact(oldId: number): Contact {
    const { contact, dealIds } = take(this.#binned.contacts, oldId);
    const world = this.#world;
    const id = world.nextId("contact");
    const companyIds = contact.companyIds.filter((companyId) => world.companies.byId.has(companyId));
    const restored = { ...contact, id, companyIds, companyId: companyIds[0] ?? null };
    world.contacts.add(restored);
    world.communications.contact.add(id, restored.fm, world.clock.now());
    for (const dealId of dealIds) {
      const deal = world.deals.byId.get(dealId);
      if (deal) world.deals.update(deal, { contactIds: [...deal.contactIds, id], contactId: deal.contactIds[0] ?? id });
    }
    // A deal that still lies in the bin has the contact when it is restored.
    for (const { deal } of this.#binned.deals.values())
      if (dealIds.includes(deal.id) || deal.contactIds.includes(oldId)) deal.contactIds.push(id);
    world.version++;
    world.events.fire("ONCRMCONTACTADD", id);
    return restored;
  }
}

function take<Entry>(bin: Map<number, Entry>, id: number): Entry {
  const entry = bin.get(id);
  if (!entry) throw new RangeError(`The recycle bin has no record ${id}`);
  bin.delete(id);
  return entry;
}
