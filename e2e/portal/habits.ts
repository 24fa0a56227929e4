import type { Deal } from "./crm/records";
import { stagesOf } from "./crm/stages";
import { Staff } from "./staff";
import type { World } from "./world";

type Act = (world: World, staff: Staff, deal: Deal, by: number) => void;

/** What managers do with deals. Each habit concerns one deal, and does nothing if it does not apply. */
const acts = {
  takeOver: (_world, staff, { id }, by) => staff.assignDeal(id, by),
  sellInBaseCurrency: (world, staff, { id, currencyId }) => {
    const base = world.settings.currencies.find((currency) => currency.base)?.code;
    if (base && base !== currencyId) staff.changeCurrency(id, base);
  },
  replaceProduct: (world, staff, { id }) => {
    const [row] = world.rows.get(id) ?? [];
    const other = world.settings.products.find((product) => product.active && product.id !== row?.productId);
    if (row && other) staff.replaceProduct(id, row.productId, other.id);
  },
  addContact: (_world, staff, { id }) => staff.makeMain(id, staff.addContact({ name: "Accountant" }).id),
  moveOn: (world, staff, { id, categoryId, stageId }) => {
    const stages = stagesOf(world.settings.funnels, categoryId);
    const next = stages[stages.findIndex(({ statusId }) => statusId === stageId) + 1];
    if (next && next.semantics !== "F") staff.moveDeal(id, next.statusId);
  },
  mergeContact: (world, staff, { contactId }) => {
    const contact = contactId === null ? undefined : world.contacts.byId.get(contactId);
    if (!contact) return;
    const { name, lastName } = contact;
    const card = staff.addContact({ name, lastName });
    staff.mergeContacts([contact.id, card.id], { into: card.id });
  },
  mergeDeal: (_world, staff, { id, contactIds, currencyId }) => {
    const order = staff.addDeal({ title: "Order by phone", contactIds, currencyId });
    staff.mergeDeals([id, order.id], { into: order.id, settled: true });
  },
  deleteDeal: (_world, staff, { id }) => staff.deleteDeal(id),
} satisfies Record<string, Act>;

export type HabitName = keyof typeof acts;

export const habitNames = Object.keys(acts) as HabitName[];

/** Something that managers do with the deals that programs make. */
export interface Habit {
  act: HabitName;
  /** The manager; absent: the first one. */
  by?: number;
  /** The share of the deals, 0 to 1; absent: all. */
  share?: number;
  /** As soon as the deal is there, or once it has product rows, which is the rule. */
  when?: "created" | "complete";
  afterMs?: number;
}

export function practise(world: World, habit: HabitName, deal: Deal, by: number): void {
  acts[habit](world, new Staff(world, by), deal, by);
}
