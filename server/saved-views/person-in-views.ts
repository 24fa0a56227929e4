import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import type { PersonData } from "../person/fields";
import { holdsPhone } from "../person/phone-in-text";
import { readableEmail } from "../platform/email-address";
import { holdsEmail } from "../platform/email-in-text";

/**
 * Deletes the views that name a person who is erased. Visitors choose their names and erase themselves, so a view goes
 * only where it can mean nobody else: by the whole address or number anywhere in it, or by a search for first and last
 * name together. A view called "Not paid" stays, whatever a visitor is called.
 */
export async function dropViewsNaming(tx: Tx, actor: Actor, people: PersonData[]): Promise<void> {
  const views = await tx.savedView.findMany({
    select: { id: true, list: true, name: true, query: true, isShared: true },
    orderBy: { id: "asc" },
  });
  for (const { id, list, isShared, ...view } of views) {
    if (!people.some((person) => names(view, person))) continue;
    await tx.savedView.delete({ where: { id }, select: { id: true } });
    if (isShared) await audit(tx, { actor, action: "view.remove", details: { viewId: id, list } });
  }
}

function names({ name, query }: { name: string; query: string }, person: PersonData): boolean {
  const filter = new URLSearchParams(query);
  const search = filter.get("q") ?? "";
  // What was typed by hand, or by the maker of a link; the rest of a filter are choices, days and numbers.
  const texts = [name, search, filter.get("source") ?? ""];
  return (
    texts.some((text) => holdsAddress(text, person) || holdsPhone(text, person.phone)) || isFullName(search, person)
  );
}

/**
 * The whole address, as stored or as people write it, also behind a dash as in a mark, or its beginning up to the domain
 * or a part of it.
 */
function holdsAddress(text: string, { email }: PersonData): boolean {
  if (holdsEmail(text, email)) return true;
  const words = text.toLowerCase().split(/[^\p{L}\p{N}@._+-]+/u);
  const spellings = [email, readableEmail(email)].map((address) => address.toLowerCase());
  return words.some(
    (word) =>
      word.includes("@") && spellings.some((address) => address.startsWith(word) || word.endsWith(`-${address}`)),
  );
}

function isFullName(text: string, { firstName, lastName }: PersonData): boolean {
  const words = (some: string) =>
    some
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== "")
      .sort()
      .join(" ");
  return Boolean(lastName?.trim()) && words(text) === words(`${firstName} ${lastName}`);
}
