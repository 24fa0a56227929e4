/**
 * Text that another program has read in a wrong encoding and saved: "РђРЅРЅР°" for "Анна", "MÃ¼ller" for "Müller". The
 * file's bytes are valid, so only the text can tell.
 */

/** What the second byte of a letter in UTF-8 looks like in an encoding of one byte for each letter. */
const trail = (encoding: string) =>
  [...new TextDecoder(encoding).decode(Uint8Array.from({ length: 0x40 }, (_, index) => 0x80 + index))]
    .map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .join("");

/** Required twice in a row: a single match may be a surname. */
const cyrillicIn1251 = new RegExp(`(?:[РС][${trail("windows-1251")}]){2}`, "u");
const cyrillicIn1252 = new RegExp(`(?:[ÐÑ][${trail("windows-1252")}]){2}`, "u");
const latinIn1252 = new RegExp(`[ÃÅÄ][${trail("windows-1252")}]`, "u");

export const isGarbled = (text: string): boolean =>
  cyrillicIn1251.test(text) || cyrillicIn1252.test(text) || latinIn1252.test(text);
