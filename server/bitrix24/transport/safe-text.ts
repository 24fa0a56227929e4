/** The portal's string fields hold about 255 characters; it cuts or refuses longer input, depending on the field. */
export const maxFieldLength = 255;

/** The macros that the portal expands inside a batch command: it looks for these words in every key and value. */
const macro = /\$(result|next|total|time|error)/i;

/**
 * Makes visitors' text valid for the portal: well-formed Unicode, no NUL or other control characters, at most 255
 * characters without cutting an emoji in half. The rest is kept letter by letter.
 */
export function clipText(text: string, max = maxFieldLength): { text: string; clipped: boolean } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "");
  if (clean.length <= max) return { text: clean, clipped: false };
  const cut = clean.slice(0, max);
  // A high surrogate at the end has lost its low surrogate.
  return { text: /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut, clipped: true };
}

/**
 * False if a key or value at any depth contains one of the portal's batch macros, or is an empty list: a batch's
 * commands are form-encoded, where an empty list cannot be told from a value that is not sent. Such a command is sent
 * in a request of its own, as JSON.
 */
export function isBatchSafe(value: unknown): boolean {
  if (typeof value === "string") return !macro.test(value);
  if (Array.isArray(value)) return value.length > 0 && value.every(isBatchSafe);
  if (value && typeof value === "object")
    return Object.entries(value).every(([key, inner]) => !macro.test(key) && isBatchSafe(inner));
  return true;
}
