/**
 * Normalises what people type and paste into the form that is stored, compared and searched: composed letters, plain
 * spaces, and none of the invisible characters that word processors, messengers and address books leave behind. Used by
 * form, import, API, search and sign-in; passwords are not changed. Loaded by the browser; older browsers do not
 * support look-behind in regular expressions.
 */

const joiner = /^\p{Join_Control}$/u;
const variation = /^[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]$/u;
const flagTag = /^[\u{e0020}-\u{e007f}]$/u;
const blackFlag = "\u{1f3f4}";
/** Scripts in which an invisible character never changes how letters are joined, and characters that are no letters. */
const unjoined =
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}\p{Nd}\p{P}\p{Z}\p{Cc}]$/u;
/** Characters that are not drawn, among them interlinear marks and the object replacement character. */
const undrawn = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]/u;

/** Whether an invisible character changes the display: joins letters or emoji, or selects a letter's variant. */
function hasEffect(character: string, before: string | undefined, after: string | undefined): boolean {
  if (before === undefined) return false;
  if (joiner.test(character))
    return after !== undefined && !unjoined.test(before) && !unjoined.test(after) && !joiner.test(before);
  if (variation.test(character))
    return (
      !variation.test(before) &&
      // A digit, # or * is one in a keycap alone.
      (after === "\u20e3" || /^\p{Extended_Pictographic}$/u.test(before) || !unjoined.test(before))
    );
  return flagTag.test(character) && (before === blackFlag || flagTag.test(before));
}

/** The text as stored. Line breaks and other control characters inside are kept: see `hasUnfitCharacters`. */
export const cleanText = (text: string): string =>
  (undrawn.test(text) ? withoutUndrawn([...text]) : text)
    .normalize("NFC")
    .replace(/\p{Zs}/gu, " ")
    .trim();

function withoutUndrawn(characters: string[]): string {
  // For each character, the next drawn one.
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

/** Drawn as empty space, although Unicode classifies them as symbols. */
const emptySymbols = /[\u2800\u{1d159}]/gu;

/** Whether a cleaned text shows nothing readable: blanks, combining marks without a letter, punctuation alone. */
export const isBlank = (text: string): boolean =>
  !/[\p{L}\p{N}\p{S}\p{Extended_Pictographic}]/u.test(text.replace(emptySymbols, ""));

/**
 * Whether a text has characters that no person's text can have: control characters (PostgreSQL rejects NUL), line
 * breaks, direction overrides, which disguise text, and U+FFFD, which a wrong encoding leaves behind. Blanks around the
 * text, such as the tab of a table's cell, are ignored.
 */
export const hasUnfitCharacters = (text: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202e\ufffd]/u.test(text.trim());
