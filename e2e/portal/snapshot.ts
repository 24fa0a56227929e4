import { z } from "zod";
import type { ProductRow } from "./crm/product-rows";
import {
  blankCompany,
  blankContact,
  blankDeal,
  blankLead,
  type Company,
  type Contact,
  type Deal,
  type Lead,
} from "./crm/records";
import { type Comment, firstIds, type NextIds, type Notification, type Payment, type Trace, type World } from "./world";

/** A portal's data as JSON can keep it. Settings, faults, limits, clock and calls are no part of it. */
export interface PortalSnapshot {
  contacts: Contact[];
  deals: Deal[];
  rows: ProductRow[];
  comments: Comment[];
  payments: Payment[];
  /** Absent in files of portals that did not know them yet, as what follows. */
  leads?: Lead[];
  companies?: Company[];
  traces?: Trace[];
  notifications?: Notification[];
  /** Companies of the settings that have been made, those that were deleted since included. */
  seededCompanies?: number[];
  nextIds: NextIds;
}

/** A copy: the portal's own records may change while the snapshot is being written. */
export function takeSnapshot(world: World): PortalSnapshot {
  return structuredClone({
    contacts: [...world.contacts.byId.values()],
    deals: [...world.deals.byId.values()],
    leads: [...world.leads.byId.values()],
    companies: [...world.companies.byId.values()],
    rows: [...world.rows.values()].flat(),
    comments: [...world.comments.values()],
    payments: [...world.payments.values()],
    traces: [...world.traces.values()],
    notifications: [...world.notifications.values()],
    seededCompanies: [...world.seededCompanies],
    nextIds: world.nextIds,
  });
}

/** Fills an empty world. Columns that are newer than the snapshot are blank. */
export function fillWorld(world: World, snapshot: PortalSnapshot): void {
  const {
    contacts,
    deals,
    rows,
    comments,
    payments,
    nextIds,
    leads = [],
    companies,
    traces = [],
    notifications = [],
    seededCompanies,
  } = structuredClone(snapshot);
  for (const contact of contacts) {
    const companyIds = contact.companyIds ?? (contact.companyId ? [contact.companyId] : []);
    world.contacts.add({ ...blankContact, ...contact, companyIds });
    // However young it is, its index is not: a restart takes longer than the duplicate search lags.
    world.communications.contact.add(contact.id, contact.fm, 0);
  }
  for (const lead of leads) {
    world.leads.add({ ...blankLead, ...lead });
    world.communications.lead.add(lead.id, lead.fm, 0);
  }
  if (companies) removeSeeded(world, companies, seededCompanies);
  for (const company of companies ?? []) {
    world.companies.add({ ...blankCompany, ...company });
    world.communications.company.add(company.id, company.fm, 0);
  }
  for (const deal of deals) world.deals.add({ ...blankDeal, ...deal });
  for (const row of rows) world.rows.set(row.ownerId, [...(world.rows.get(row.ownerId) ?? []), row]);
  for (const comment of comments) world.comments.set(comment.id, comment);
  for (const payment of payments) world.payments.set(payment.id, payment);
  for (const trace of traces) world.traces.set(trace.id, trace);
  for (const notification of notifications) world.notifications.set(notification.id, notification);
  Object.assign(world.nextIds, nextIds);
}

/**
 * The snapshot has those of the settings' companies that it knew, but for what was deleted before it was taken. What
 * the settings name since then stays. Files that do not say which they knew are taken to have known them all.
 */
function removeSeeded(world: World, companies: Company[], known = [...world.seededCompanies]): void {
  const gone = new Set([...known, ...companies.map(({ id }) => id)]);
  for (const seeded of [...world.companies.byId.values()]) if (gone.has(seeded.id)) world.companies.delete(seeded);
  for (const id of known) world.seededCompanies.add(id);
}

const id = z.int().positive();
const record = z.looseObject({ id, originId: z.string(), originatorId: z.string() });
const reachable = record.extend({ fm: z.array(z.looseObject({ id, typeId: z.string(), value: z.string() })) });
const owned = z.looseObject({ id, ownerId: id });

/** Counters that files of older portals do not have. */
const newer: ReadonlySet<string> = new Set<keyof NextIds>(["lead", "company", "trace", "notification"]);
const counters = Object.keys(firstIds).map((name) => [name, newer.has(name) ? id.optional() : id]);

/** What the rest of the portal relies on; a file that was cut, emptied or is of something else does not pass. */
const schema = z.object({
  contacts: z.array(reachable),
  leads: z.array(reachable.extend({ stageId: z.string(), contactIds: z.array(id) })).optional(),
  companies: z.array(reachable.extend({ title: z.string() })).optional(),
  deals: z.array(record.extend({ stageId: z.string(), contactIds: z.array(id) })),
  rows: z.array(owned),
  comments: z.array(z.looseObject({ id, entityId: id, text: z.string() })),
  payments: z.array(z.looseObject({ id, dealId: id, products: z.array(z.unknown()) })),
  traces: z.array(z.looseObject({ id, entities: z.array(z.unknown()) })).optional(),
  notifications: z.array(z.looseObject({ id, userId: id, message: z.string() })).optional(),
  seededCompanies: z.array(id).optional(),
  nextIds: z.object(Object.fromEntries(counters)),
});

/** A snapshot from its JSON. @throws Error if it is none */
export function readSnapshot(json: unknown): PortalSnapshot {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new TypeError(`This is no snapshot of a portal: ${z.prettifyError(parsed.error)}`);
  return parsed.data as unknown as PortalSnapshot;
}
