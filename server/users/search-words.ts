/** A word of a search: it is found where any of these LIKE patterns is. */
export type SearchWord = string[];

const maxWords = 8;

/** Between digits: printed phones have long dashes, with spaces round them or without. */
const dash = /(?<=\d)\s*[-\u2010-\u2015\u2212]\s*(?=\d)/g;

/**
 * The words of a search, all of which must occur in `searchText` (e-mail, names and phone in lower case, with е for ё). A
 * phone may be typed in any spelling: its spaces, dashes and brackets go, and a leading 8 also means the +7 that is stored.
 */
export function searchWords(q: string): SearchWord[] {
  const tokens = q.toLowerCase().replaceAll("ё", "е").replace(dash, "-").split(/\s+/).filter(Boolean);
  const words: SearchWord[] = [];
  for (let at = 0; at < tokens.length && words.length < maxWords; at++) {
    let word = tokens[at] ?? "";
    if (!isPhonePart(word)) {
      words.push([contains(word)]);
      continue;
    }
    // "8 (999) 123-45-67" is one number, not four words.
    while (isPhonePart(tokens[at + 1] ?? "")) word += tokens[++at];
    words.push(phonePatterns(word));
  }
  return words;
}

/** Whether the trigram index can find the words: it knows runs of three letters or digits and nothing shorter. */
export const isIndexable = (words: SearchWord[]): boolean =>
  words.some((word) => word.every((pattern) => /[\p{L}\p{N}]{3}/u.test(pattern)));

const isPhonePart = (token: string) => /^[-+().\d]*\d[-+().\d]*$/.test(token);

function phonePatterns(typed: string): SearchWord {
  const digits = typed.replace(/\D/g, "");
  if (typed.startsWith("+")) return [contains(`+${digits}`)];
  const patterns = [contains(digits)];
  if (digits.startsWith("8") && digits.length > 3) patterns.push(contains(`+7${digits.slice(1)}`));
  // A run such as 10.05 may also stand in an e-mail, just as it was typed.
  if (typed !== digits && !typed.includes("(")) patterns.push(contains(typed));
  return patterns;
}

const contains = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
