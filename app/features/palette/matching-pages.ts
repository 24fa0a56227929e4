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
 * whose own name begins with what was typed, else in the menu's order.
 */
export function matchingPages(typed: string, words: (typeof administrationTexts)["en"]): FoundPage[] {
  const sought = folded(typed).trim();
  const parts = sought.split(/\s+/).filter(Boolean);
  const found = groups.flatMap(({ name: group, entries }) =>
    entries.map(({ name, to }) => ({ to, label: words.entries[name], group: words.groups[group] })),
  );
  const begins = ({ label }: FoundPage) => folded(label).startsWith(sought);
  return found
    .filter(({ label, group }) => parts.every((part) => folded(`${label} ${group}`).includes(part)))
    .sort((one, next) => Number(begins(next)) - Number(begins(one)));
}
