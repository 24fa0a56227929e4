import type { Tx } from "../database/db";
import type { PersonData } from "../person/fields";

/**
 * Deletes the views that name a person who is erased: by e-mail address, phone number or last name. A first name alone
 * is no trace of one person.
 */
export async function dropViewsNaming(tx: Tx, people: PersonData[]): Promise<void> {
  const views = await tx.savedView.findMany({ select: { id: true, name: true, query: true } });
  const ids = views.filter((view) => people.some((person) => textsOf(view).some((text) => names(text, person))));
  if (ids.length > 0) await tx.savedView.deleteMany({ where: { id: { in: ids.map(({ id }) => id) } } });
}

/** What was typed by hand, or by the maker of a link; the rest of a filter are choices, days and numbers. */
function textsOf({ name, query }: { name: string; query: string }): string[] {
  const filter = new URLSearchParams(query);
  return [name, filter.get("q") ?? "", filter.get("source") ?? ""].map((text) => text.toLowerCase());
}

/** So many digits in a row name one phone, also without the code of its country. */
const fewestDigits = 7;

function names(text: string, { email, phone, lastName }: PersonData): boolean {
  const mailbox = email.toLowerCase().split("@")[0];
  if (text.includes(`${mailbox}@`)) return true;
  const digits = phone.replace(/\D/g, "");
  const typed = text.replace(/\D/g, "");
  if (typed.length >= fewestDigits && (digits.includes(typed) || typed.includes(digits.slice(-10)))) return true;
  const words = (some: string) =>
    ` ${some
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .join(" ")} `;
  return Boolean(lastName?.trim()) && words(text).includes(words(lastName ?? ""));
}
