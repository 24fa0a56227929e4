import type { Portal } from "../e2e/portal/portal";
import type { BenchDatabase } from "./bench";

export interface NewPerson {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  password: string;
}

export const person = (number: number): NewPerson => ({
  firstName: `Имя${number}`,
  lastName: `Фамилия${number}`,
  email: `person${number}@example.com`,
  phone: `+7999${String(1_000_000 + number)}`,
  password: "correct horse battery",
});

export const people = (count: number): NewPerson[] => Array.from({ length: count }, (_, index) => person(index + 1));

/** Rows and jobs of so many registrations, as the form leaves them, in two statements. */
export async function queueRegistrations({ pool, queue }: BenchDatabase, count: number): Promise<void> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into "User" (email, "firstName", "lastName", phone)
     select 'person' || n || '@example.com', 'Имя' || n, 'Фамилия' || n, '+7999' || (1000000 + n)
     from generate_series(1, $1::int) as n returning id`,
    [count],
  );
  const ids = rows.map(({ id }) => id);
  for (let at = 0; at < ids.length; at += 5_000) await queue.ensure("crm-registration", ids.slice(at, at + 5_000), 10);
}

export const pending = ({ db }: BenchDatabase): Promise<number> => db.user.count({ where: { crmState: "PENDING" } });

export interface Outcome {
  /** People with exactly one contact, one deal and one row of the product. */
  whole: number;
  /** People with anything more than once. */
  twice: number;
}

/** What the portal holds of these people, found by their e-mail, as a manager would look. */
export function countOutcome(portal: Portal, asked: NewPerson[]): Outcome {
  const contactsOf = new Map<string, number[]>();
  for (const { id, fm } of portal.contacts.values())
    for (const { value } of fm) contactsOf.set(value, [...(contactsOf.get(value) ?? []), id]);
  const dealsOf = new Map<number, number[]>();
  for (const { id, contactIds } of portal.deals.values())
    for (const contact of contactIds) dealsOf.set(contact, [...(dealsOf.get(contact) ?? []), id]);

  let whole = 0;
  let twice = 0;
  for (const { email } of asked) {
    const contacts = contactsOf.get(email) ?? [];
    const deals = contacts.flatMap((contact) => dealsOf.get(contact) ?? []);
    const rows = deals.flatMap((deal) => [...(portal.rows.get(deal) ?? [])]);
    if (contacts.length === 1 && deals.length === 1 && rows.length === 1) whole++;
    if (contacts.length > 1 || deals.length > 1 || rows.length > 1) twice++;
  }
  return { whole, twice };
}
