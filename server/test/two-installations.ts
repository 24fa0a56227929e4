import { expect } from "vitest";
import type { Portal } from "../../e2e/portal/portal";
import type { Registered } from "./crm";
import type { TestDatabase } from "./database";

/** One of two installations: a database, and every ORIGINATOR_ID that it has written, also before a restore. */
export interface Site {
  name: string;
  database: TestDatabase;
  written: Set<string>;
  /** Everybody who has registered here, also people whom a restoration has lost, with the number that they had. */
  registered: Map<number, Person>;
  backup: { file: string; portal: number } | null;
}

export type Person = Pick<Registered, "email" | "phone">;
export type Records = Map<string, { mark: string; content: string }>;

export function records(portal: Portal): Records {
  const entry = (kind: string, record: { id: number; originatorId: string }, more: unknown) =>
    [`${kind} ${record.id}`, { mark: record.originatorId, content: JSON.stringify([record, more]) }] as const;
  return new Map([
    ...[...portal.contacts.values()].map((contact) => entry("contact", contact, null)),
    ...[...portal.deals.values()].map((deal) => entry("deal", deal, portal.rows.get(deal.id) ?? [])),
  ]);
}

/** What an installation must never do: create, change or remove a record with another installation's external id. */
export function expectOwnOnly(before: Records, after: Records, site: Site): void {
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(key), after.get(key)];
    if (old?.content === now?.content) continue;
    for (const each of [old, now]) if (each) expect(site.written, `${site.name} touched ${key}`).toContain(each.mark);
  }
}

/**
 * The ids in the rows may name only the installation's own records, or records that are gone. The contact of a person
 * who came to the other installation first is linked.
 */
export async function expectOwnIds(portal: Portal, { database, written, name }: Site): Promise<void> {
  for (const user of await database.db.user.findMany({ where: { crmState: "SYNCED" } })) {
    const deal = portal.deals.get(user.bitrix24DealId ?? 0);
    const contact = portal.contacts.get(user.bitrix24ContactId ?? 0);
    if (deal) expect(written, `${name}: deal of ${user.id}`).toContain(deal.originatorId);
    if (contact && user.crmContactBy === "made")
      expect(written, `${name}: contact of ${user.id}`).toContain(contact.originatorId);
  }
}

/** No external id is written by both, and no deal is taken by both for their own. */
export async function expectNothingShared(portal: Portal, sites: Site[]): Promise<void> {
  const marks = sites.flatMap(({ written }) => [...written]);
  expect(new Set(marks).size).toBe(marks.length);
  const rows = await Promise.all(
    sites.map(({ database }) =>
      database.db.user.findMany({ where: { crmState: "SYNCED", bitrix24DealId: { not: null } } }),
    ),
  );
  const deals = rows.flat().flatMap(({ bitrix24DealId: id }) => (portal.deals.has(id ?? 0) ? [id] : []));
  expect(new Set(deals).size).toBe(deals.length);
}

export async function expectOneOfEach(portal: Portal, site: Site): Promise<void> {
  const contacts = [...portal.contacts.values()];
  const deals = [...portal.deals.values()];
  for (const user of await site.database.db.user.findMany()) {
    const own = contacts.filter(({ fm }) => fm.some(({ value }) => value === user.email));
    expect(
      own.map(({ id }) => id),
      `${site.name}: contacts of ${user.email}`,
    ).toEqual([user.bitrix24ContactId]);
    const theirs = deals.filter(
      ({ contactId, originatorId }) => contactId === user.bitrix24ContactId && site.written.has(originatorId),
    );
    expect(
      theirs.map(({ id }) => id),
      `${site.name}: deals of ${user.email}`,
    ).toEqual([user.bitrix24DealId]);
  }
}
