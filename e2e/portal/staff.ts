import { addContact, deleteContact, updateContact } from "./crm/contacts";
import { addDeal, deleteDeal, followRows, updateDeal } from "./crm/deals";
import { mergeContacts } from "./crm/merge";
import type { MultiFieldEdit, MultiFieldType } from "./crm/multi-fields";
import { replaceRows } from "./crm/product-rows";
import type { Changes, Contact, Deal } from "./crm/records";
import type { ValueMap } from "./protocol/values";
import type { World } from "./world";

/** The settings' first manager: what happens by hand carries this id, not the webhook owner's. */
const managerId = 2;

export interface Communications {
  phones?: string[];
  emails?: string[];
}

/** What the people of the portal do by hand. It fires the same events as the same acts over REST. */
export class Staff {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  addContact(fields: Changes, communications: Communications = {}): Contact {
    return addContact(this.#world, fields, editsOf(communications), managerId);
  }

  /** Appends the communications to those the contact has. */
  updateContact(id: number, fields: Changes, communications: Communications = {}): void {
    updateContact(this.#world, this.#contact(id), fields, editsOf(communications), managerId, true);
  }

  deleteContact(id: number): void {
    deleteContact(this.#world, this.#contact(id));
  }

  /** The oldest stays. @throws RangeError if the contacts contradict each other */
  mergeContacts(ids: number[]): void {
    const gone = mergeContacts(
      this.#world,
      [...new Set(ids)].map((id) => this.#contact(id)),
      managerId,
    );
    if (!gone) throw new RangeError("The contacts contradict each other");
  }

  addDeal(fields: Changes): Deal {
    return addDeal(this.#world, fields, managerId, true);
  }

  updateDeal(id: number, fields: Changes): void {
    updateDeal(this.#world, this.#deal(id), fields, managerId, true);
  }

  moveDeal(id: number, stageId: string): void {
    this.updateDeal(id, { stageId });
  }

  /** Rows as `crm.item.productrow.set` names them. */
  setRows(id: number, rows: ValueMap[]): void {
    const deal = this.#deal(id);
    replaceRows(this.#world, deal, rows);
    followRows(this.#world, deal, managerId);
  }

  deleteDeal(id: number): void {
    deleteDeal(this.#world, this.#deal(id));
  }

  #contact(id: number): Contact {
    const contact = this.#world.contacts.byId.get(id);
    if (!contact) throw new RangeError(`The portal has no contact ${id}`);
    return contact;
  }

  #deal(id: number): Deal {
    const deal = this.#world.deals.byId.get(id);
    if (!deal) throw new RangeError(`The portal has no deal ${id}`);
    return deal;
  }
}

function editsOf({ phones = [], emails = [] }: Communications): MultiFieldEdit[] {
  const edit = (typeId: MultiFieldType) => (value: string) => ({ typeId, valueType: "WORK", value });
  return [...phones.map(edit("PHONE")), ...emails.map(edit("EMAIL"))];
}
