/**
 * An apostrophe in front of what a spreadsheet would run as a formula. Names come from visitors, and a list is opened with
 * whatever separator its reader's country has: text after a comma, a semicolon, a tab or a line end begins a cell there.
 */

const formulaStart = "(?=[=+\\-@＝＋－＠])";
/** Not all white space: of classes that overlap, a long run of blanks would be looked at again from each of them. */
const cellStart = '[,;\\t\\r\\n][ "]*';

const unguarded = new RegExp(`(${cellStart})${formulaStart}`, "g");
const guarded = new RegExp(`(${cellStart})'${formulaStart}`, "g");

/** Guards what another separator than the file's own would make a cell of its own. */
const guardInside = (text: string): string => text.replace(unguarded, "$1'");

/** Options of `stringify`: it looks at the beginning of a cell itself. */
export const formulaGuard = { escape_formulas: true, cast: { string: guardInside } } as const;

/** The text as it was before the guard. */
export const withoutGuard = (cell: string): string =>
  cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, "").replace(guarded, "$1");
