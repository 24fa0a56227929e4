/**
 * The text in one line, with `between` where it had lines. Blanks are taken together, each run once: an expression that looks
 * for a line's end among them would begin again at each of many.
 */
export const oneLine = (text: string, between: string): string =>
  text.replace(/\s+/g, (blanks) => (/[\r\n]/.test(blanks) ? between : blanks));
