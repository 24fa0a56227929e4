/**
 * An apostrophe in front of what a spreadsheet would run as a formula. Names come from visitors, and a list is opened with
 * whatever separator its reader's country has: text after a comma, a semicolon, a tab or a line end begins a cell there.
 * Another one is put before apostrophes that people wrote in front of such signs: so the text is known again.
 */

const formulaStart = "'*[=+\\-@＝＋－＠]";
/** Not all white space: of classes that overlap, a long run of blanks would be looked at again from each of them. */
const cellStart = '[,;\\t\\r\\n][ "]*';

const unguarded = new RegExp(`(${cellStart})(?=${formulaStart})`, "g");
const guarded = new RegExp(`(${cellStart})'(?=${formulaStart})`, "g");

const guardedText = (text: string): string => text.replace(unguarded, "$1'").replace(/^(?='*[=+\-@\t\r＝＋－＠])/, "'");

/** Options of `stringify`. */
export const formulaGuard = { cast: { string: guardedText } } as const;

/** The text as it was before the guard at its beginning, which other programs write as well. */
export const withoutGuard = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r＝＋－＠])/, "");

/** The text as it was before the guards within it, which no other program writes. */
export const withoutInnerGuards = (cell: string): string => cell.replace(guarded, "$1");
