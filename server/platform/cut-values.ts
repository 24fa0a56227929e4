/**
 * A line of an environment file up to its end, or up to the quote that ends a value in quotes, which may be lines further.
 * The groups: the name, the quote, and the text of a value without quotes.
 */
const line = /^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(?:(["'`])[\s\S]*?\2|(.*))/gm;

/** A comment has a blank before its "#", or nothing, and a blank after it: "#8a1538" and "{name} #{number}" are values. */
const comment = /(?<=^|\s)#+(?=\s|$)/;

/**
 * The names whose value an environment file's reader would cut at a "#", though it was hardly meant to begin a comment. Without
 * this look half a password, or the default in the place of a colour, would be in force in silence.
 */
export function cutValues(text: string): string[] {
  // A later line of the same name replaces an earlier one.
  const values = new Map([...text.matchAll(line)].map(([, name = "", , unquoted = ""]) => [name, unquoted]));
  return [...values].flatMap(([name, unquoted]) => {
    const at = unquoted.indexOf("#");
    const isCut = at >= 0 && !/^["'`]/.test(unquoted) && unquoted.search(comment) !== at;
    return isCut ? [name] : [];
  });
}
