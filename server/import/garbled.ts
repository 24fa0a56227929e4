import { alphabetOf } from "./alphabet";

/**
 * Text that another program has read in a wrong encoding and saved: "РђРЅРЅР°" for "Анна", "MÃ¼ller" for "Müller". The
 * file's bytes are valid, so only the text can tell.
 */

/** What these bytes look like in an encoding of one byte for each letter. */
const bytesIn = (encoding: string, first: number, last: number): string =>
  alphabetOf(encoding)
    .slice(first, last + 1)
    .map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .join("");

/** The second byte of any letter in UTF-8. */
const trail = (encoding: string) => bytesIn(encoding, 0x80, 0xbf);

/**
 * Required twice in a row: a single match may be a surname. Behind С only as far as letters in use go, since Kazakh words in
 * capitals have І and Ё behind Р and С.
 */
const cyrillicIn1251 = new RegExp(`(?:Р[${trail("windows-1251")}]|С[${bytesIn("windows-1251", 0x80, 0x9f)}]){2}`, "u");
const cyrillicIn1252 = new RegExp(`(?:[ÐÑ][${trail("windows-1252")}]){2}`, "u");
/** A quotation mark that closes what another has opened is none of a damaged letter: ”KESÄ”, «KESÄ». */
const closingMark = "(?=[’“”»](?!\\p{L}))(?<=(?<!\\p{L})[‘’“”„«].*)";
const latinIn1252 = new RegExp(`[ÃÅÄ](?!${closingMark})[${trail("windows-1252")}]`, "u");

/**
 * Nor is a dash between names in capitals where such a letter also stands before a plain one, as in MÄKELÄ–VIRTANEN: damaged
 * text has none there. Without that the dash may be half of a letter: KÃ–NIG for KÖNIG.
 */
const withoutDashes = (text: string): string =>
  /[ÃÅÄ][A-Z]/.test(text) ? text.replace(/[–—](?=\p{Lu})/gu, "-") : text;

export const isGarbled = (text: string): boolean =>
  cyrillicIn1251.test(text) || cyrillicIn1252.test(text) || latinIn1252.test(withoutDashes(text));
