/** A variable that has no effect, and the setting whose name it resembles. */
interface Misspelt {
  name: string;
  meant: string;
}

const ownPrefix = "BITRIX24_";

/**
 * Names that were meant as settings and are none: a setting that is not in force because of a letter would be noticed by its
 * consequences only, such as people who are never erased. The environment holds many other programs' names, so a name has
 * to resemble one of ours, or to begin as only ours do.
 */
export function misspeltNames(names: string[], known: string[]): Misspelt[] {
  return names
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const [nearest] = known
        .map((meant) => ({ meant, edits: edits(name, meant) }))
        .sort((one, other) => one.edits - other.edits);
      if (!nearest) return [];
      const resembles = nearest.edits <= (name.length < 8 ? 1 : 2) && name.length > 5;
      return resembles || name.startsWith(ownPrefix) ? [{ name, meant: nearest.meant }] : [];
    });
}

/** The least number of letters that are added, left out or replaced between two names (Levenshtein). */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === against ? 0 : 1)));
    row = next;
  }
  return row[other.length] ?? 0;
}
