import { parsePhone } from "../person/phone";
import { cleanText } from "../platform/clean-text";
import { asciiHost, parseEmail, readableEmail } from "../platform/email-address";
import { searchedId } from "../platform/person-number";

/** A word of a search. */
export interface SearchWord {
  /** Found in `searchText` if any of these LIKE patterns matches. */
  patterns: string[];
  /** As it was typed, folded: in words that the owner wrote, a number is no phone. */
  typed: string[];
}

const maxWords = 8;

/** Characters that `searchText` treats as equal, by the same table as its migration; in addition ё as е. */
const folded: [from: RegExp, to: string][] = [
  [/[\u2018\u2019\u201b\u02bc\u02bb\u02b9\u2032`\u00b4\uff07]/g, "'"],
  [/[«»\u201c\u201d\u201e\u2033\uff02]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, "-"],
  [/\p{Join_Control}|\ufe0e|\ufe0f/gu, ""],
];
const fold = (text: string) => folded.reduce((rest, [from, to]) => rest.replace(from, to), text);

/** A text in the spelling in which it is compared with `SearchWord.typed`. */
export const searchedText = (text: string): string =>
  fold(cleanText(text).toLowerCase()).replace(spacedDash, "-").replaceAll("ё", "е");

/** An answer as `searchText` holds it: in JSON. Spaces and dashes stay as they are. */
export const storedText = (value: string): string =>
  fold(JSON.stringify(value).normalize("NFC").toLowerCase()).replaceAll("ё", "е");

/** Printed phone numbers may have spaces around their dashes. */
const spacedDash = /(?<=\d)\s*-\s*(?=\d)/g;
/** Keeps the place of such a dash within a word. Folding leaves no other one. */
const dashWithSpaces = "\u2014";

/**
 * The words of a search, all of which must occur in `searchText` (e-mail, names, phone, company and answers, folded). A phone
 * may be typed in any spelling that the form takes: its spaces, dashes and brackets go, a leading 8 also means the +7 that is
 * stored, and a whole number is looked for as it is stored. An answer is found as it was typed as well.
 */
export const searchWords = (q: string): SearchWord[] => allWords(q).slice(0, maxWords);

/** Whether only the first words of it are looked for. */
export const isCut = (q: string): boolean => allWords(q).length > maxWords;

function allWords(q: string): SearchWord[] {
  const text = fold(cleanText(q).toLowerCase());
  const typed = searchedText(q).split(/\s+/).filter(Boolean).map(withoutComma);
  // As it is copied from a mail program or a link, with a name, brackets or a separator.
  const email = q.includes("@") ? parseEmail(q) : null;
  if (email && email !== text && readableEmail(email) !== text)
    return [{ patterns: textPatterns(fold(readableEmail(email))), typed }];
  // With words before or behind it, as in "tel:" or "доб. 12", a person's phone is known by its number alone. A phone in an
  // answer stands there with its words.
  const phone = /[^\d\s()+.-]/.test(text) ? parsePhone(text) : null;
  const byNumber = phone ? [contains(phone.number)] : [];
  const tokens = text
    .replace(spacedDash, (dash) => (dash === "-" ? dash : dashWithSpaces))
    .split(/\s+/)
    .filter(Boolean);
  const words: SearchWord[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const from = at;
    // "8 (999) 123-45-67" is one number, not four words.
    if (isPhonePart(tokens[at] ?? "")) while (isPhonePart(tokens[at + 1] ?? "")) at++;
    const parts = tokens.slice(from, at + 1);
    const patterns = isPhonePart(parts[0] ?? "") ? phonePatterns(parts) : textPatterns(withoutComma(parts[0] ?? ""));
    words.push({ patterns: [...patterns, ...byNumber], typed: typed.slice(from, at + 1) });
  }
  return words;
}

/** Pages show several choices of an answer with commas between them. */
const withoutComma = (word: string): string => word.replace(/(?<=.)[,;]+$/, "");

/**
 * Whether an index finds it: by a number, or by words. Its trigrams are runs of three letters or digits, or of fewer at the
 * edge of a word, nothing shorter.
 */
export const isFoundByIndex = (q: string): boolean =>
  searchedId(q) !== null ||
  searchWords(q).some(({ patterns }) =>
    patterns.every((pattern) => (pattern.match(/[\p{L}\p{N}]/gu)?.length ?? 0) > 2),
  );

/**
 * The word with е for ё, as each database lowers it; an address of an international domain, or a part of one, also as it is
 * stored.
 */
function textPatterns(word: string): string[] {
  return dashSpellings(word).flatMap(spellingPatterns);
}

function spellingPatterns(typed: string): string[] {
  const host = typed.slice(typed.lastIndexOf("@") + 1);
  const ascii = /[@.]/.test(typed) ? asciiHost(host) : null;
  const texts = loweredElsewhere(typed.replaceAll("ё", "е"));
  if (ascii && ascii !== host) texts.push(typed.slice(0, typed.length - host.length) + ascii);
  // Quotation marks and backslashes of an answer are stored with a backslash before them, those of a company are not.
  const escaped = texts.map((text) => text.replace(/["\\]/g, "\\$&"));
  return [...new Set([...texts, ...escaped])].map(contains);
}

/** With a dash as in numbers, and as it was typed. */
const dashSpellings = (word: string): string[] => [
  ...new Set(["-", " - "].map((dash) => word.replaceAll(dashWithSpaces, dash))),
];

/**
 * The word as PostgreSQL may have lowered the same name: JavaScript makes two characters of the Turkish İ, and a ς of a Σ
 * that ends a word; a database makes an i and a σ of them, unless its locale comes from ICU.
 */
const loweredElsewhere = (word: string): string[] => [
  ...new Set([word, word.replaceAll("i\u0307", "i").replaceAll("ς", "σ")]),
];

const isPhonePart = (token: string) => /^[-+().\d\u2014]*\d[-+().\d\u2014]*$/.test(token);

function phonePatterns(parts: string[]): string[] {
  const typed = parts.join(" ");
  const digits = typed.replace(/\D/g, "");
  const isWhole = typed.startsWith("+");
  const texts = [isWhole ? `+${digits}` : digits];
  if (!isWhole && digits.startsWith("8") && digits.length > 3) texts.push(`+7${digits.slice(1)}`);
  // With a zero in brackets, 00 or 8-10 before its country, or another sign that is not stored.
  const number = parsePhone(typed.replaceAll(dashWithSpaces, "-"))?.number;
  if (number && !texts.some((text) => number.includes(text))) texts.push(number);
  // Groups of digits may also be an answer, and a run such as 10.05 a part of an e-mail, just as they were typed.
  return [...new Set([...texts, ...dashSpellings(typed)])].map(contains);
}

const contains = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
