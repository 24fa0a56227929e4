import { groups } from "~/features/administration/entries";
import type { administrationTexts } from "~/features/administration/texts";

export interface FoundPage {
  to: string;
  label: string;
  /** The group of the menu that it belongs to. */
  group: string;
}

const folded = (text: string): string => text.toLowerCase().replaceAll("ё", "е");

/**
 * The pages of the menu in whose name, or the name of their group, every typed word occurs; all without words. First those
 * whose own name begins with what was typed, else in the menu's order. `below`: pages of the group of settings that the menu
 * leads to by another page; they are found by words only, after those of the menu.
 */
export function matchingPages(
  typed: string,
  words: (typeof administrationTexts)["en"],
  below: { to: string; label: string }[] = [],
): FoundPage[] {
  const sought = folded(typed).trim();
  const parts = sought.split(/\s+/).filter(Boolean);
  const found = groups.flatMap(({ name: group, entries }) =>
    entries.map(({ name, to }) => ({ to, label: words.entries[name], group: words.groups[group] })),
  );
  const inMenu = new Set(found.map(({ to }) => to));
  if (parts.length > 0)
    for (const page of below) if (!inMenu.has(page.to)) found.push({ ...page, group: words.groups.settings });
  const begins = ({ label }: FoundPage) => folded(label).startsWith(sought);
  return found
    .filter(({ label, group }) => parts.every((part) => folded(`${label} ${group}`).includes(part)))
    .sort((one, next) => Number(begins(next)) - Number(begins(one)));
}
