/**
 * What people type and paste, in the one form in which it is stored, compared and searched: composed letters, plain
 * spaces, and none of the invisible characters that word processors, messengers and address books leave behind. Used by
 * form, import, API, search and sign-in alike; passwords are taken letter for letter. Loaded by the browser, whose older
 * versions know no look-behind in regular expressions.
 */

const joiner = /^\p{Join_Control}$/u;
const variation = /^[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]$/u;
const flagTag = /^[\u{e0020}-\u{e007f}]$/u;
const blackFlag = "\u{1f3f4}";
/** Scripts in which no two letters are joined otherwise by an invisible character, and what is no letter. */
const unjoined =
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}\p{Nd}\p{P}\p{Z}\p{Cc}]$/u;
/** Nothing is drawn for them; among them interlinear marks and the place of an embedded object. */
const undrawn = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]/u;

/** Whether an invisible character changes what is seen: joins letters or emoji, or picks one of a letter's shapes. */
function hasEffect(character: string, before: string | undefined, after: string | undefined): boolean {
  if (before === undefined) return false;
  if (joiner.test(character))
    return after !== undefined && !unjoined.test(before) && !unjoined.test(after) && !joiner.test(before);
  if (variation.test(character))
    return !variation.test(before) && (/^\p{Emoji}$/u.test(before) || !unjoined.test(before));
  return flagTag.test(character) && (before === blackFlag || flagTag.test(before));
}

/** The text as it is stored. Line breaks and other control characters inside stay: see `unfitCharacters`. */
export const cleanText = (text: string): string =>
  (undrawn.test(text) ? withoutUndrawn([...text]) : text)
    .normalize("NFC")
    .replace(/\p{Zs}/gu, " ")
    .trim();

function withoutUndrawn(characters: string[]): string {
  // Of each character the next one that is drawn.
  const after: (string | undefined)[] = [];
  let drawn: string | undefined;
  for (let index = characters.length - 1; index >= 0; index--) {
    after[index] = drawn;
    if (!undrawn.test(characters[index] ?? "")) drawn = characters[index];
  }
  const kept: string[] = [];
  for (const [index, character] of characters.entries())
    if (!undrawn.test(character) || hasEffect(character, kept.at(-1), after[index])) kept.push(character);
  return kept.join("");
}

/** Drawn as an empty space, although Unicode counts them among the symbols. */
const emptySymbols = /[\u2800\u{1d159}]/gu;

/** Whether nothing in a cleaned text can be seen and read: blanks, marks without a letter, punctuation alone. */
export const isBlank = (text: string): boolean =>
  !/[\p{L}\p{N}\p{S}\p{Extended_Pictographic}]/u.test(text.replace(emptySymbols, ""));

/**
 * Characters that no text of a person can have: control characters (PostgreSQL refuses NUL), line breaks, the mark that
 * turns text round and so disguises it, and U+FFFD, which is what a wrong encoding leaves behind. Blanks round the text,
 * such as the tab of a table's cell, are no part of it.
 */
export const hasUnfitCharacters = (text: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202e\ufffd]/u.test(text.trim());
