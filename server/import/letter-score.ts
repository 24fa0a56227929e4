import { alphabetOf } from "./alphabet";
import { letterPlace, pairCosts } from "./letter-pairs";

/**
 * Distinguishes single-byte encodings by the words they give: a wrong encoding gives capitals inside words, letters of
 * two alphabets in one word, signs in place of letters, and letter pairs that the language does not have.
 */

/** The old encodings that lists come in; if two fit equally, the first wins. */
export const singleByteEncodings = [
  "windows-1251",
  "koi8-u",
  "ibm866",
  "iso-8859-5",
  "x-mac-cyrillic",
  "windows-1252",
  "macintosh",
] as const;
export type SingleByteEncoding = (typeof singleByteEncodings)[number];

/**
 * Accented Latin letters that western, central European and Turkish encodings have in the same place. Any other
 * accented letter would be a guess, since the same byte is è in Paris and č in Prague, so it rules an encoding out.
 */
const sharedLatin = new Set("áâäçéëíîóôöúüßšž");
const opening = new Set("«“„‘");
const closing = new Set("»”’…");
/** Signs that are plausible in text and say nothing about the encoding. */
const plainSigns = new Set("\u00a0№—–°§");

/** In units of the table of pairs: natural logarithms, negated. */
const costs = {
  secondAlphabet: 8,
  capitalInside: 7,
  foreignSign: 10,
  signAtLetter: 7,
  sign: 1.5,
  sharedLatin: 3.2,
  foreignLatin: Number.POSITIVE_INFINITY,
  markedWord: 4,
  neighbourLetter: 4.5,
  strangeCyrillic: 9,
  afterStrange: 4,
};

type Kind = "cyrillic" | "latin" | "sign";

interface Letter {
  kind: Kind;
  upper: boolean;
  /** Index in the table of pairs; 0: not in it. */
  place: number;
  /** Cost of the character itself, wherever it is. */
  cost: number;
  opens: boolean;
  closes: boolean;
  /** An apostrophe, if letters stand on both sides: O’Brien, Прип’ять. */
  joins: boolean;
  high: boolean;
}

function letterOf(character: string): Letter {
  const lower = character.toLowerCase();
  const kind: Kind = /\p{Script=Cyrillic}/u.test(character)
    ? "cyrillic"
    : /\p{Script=Latin}/u.test(character)
      ? "latin"
      : "sign";
  const place = kind === "cyrillic" ? letterPlace(lower) : 0;
  const high = character > "\x7f";
  return {
    kind,
    upper: character !== lower,
    place,
    cost: high ? costOf(kind, character, lower, place) : 0,
    opens: opening.has(character),
    closes: closing.has(character),
    joins: character === "’",
    high,
  };
}

function costOf(kind: Kind, character: string, lower: string, place: number): number {
  if (kind === "latin") return sharedLatin.has(lower) ? costs.sharedLatin : costs.foreignLatin;
  if (kind === "cyrillic")
    return place > 0 ? 0 : "іїєґў".includes(lower) ? costs.neighbourLetter : costs.strangeCyrillic;
  return opening.has(character) || closing.has(character) || plainSigns.has(character) ? costs.sign : costs.foreignSign;
}

const characters: string[][] = singleByteEncodings.map(alphabetOf);
const alphabets: Letter[][] = characters.map((alphabet) => alphabet.map(letterOf));

/** The cost of a word in an alphabet: the higher, the less likely the encoding. */
function wordCost(word: Uint8Array, alphabet: Letter[]): number {
  let cost = 0;
  let marked = 0;
  let cyrillic = false;
  let before: Letter | undefined;
  let earlier: Letter | undefined;
  for (const byte of word) {
    const letter = alphabet[byte] as Letter;
    cost += letter.cost;
    if (letter.high && letter.kind === "latin") marked += 1;
    cyrillic ||= letter.kind === "cyrillic";
    if (letter.kind === "cyrillic") cost += pairCost(before, letter);
    else if (before?.kind === "cyrillic") cost += pairCost(before, undefined);
    const isJoined = before?.joins && earlier?.kind === letter.kind;
    if (before && !isJoined) cost += neighbourCost(before, letter);
    earlier = before;
    before = letter;
  }
  if (before?.kind === "cyrillic") cost += pairCost(before, undefined);
  // Words of Latin letters have few accented ones.
  return !cyrillic && marked > word.length / 2 ? cost + marked * costs.markedWord : cost;
}

function pairCost(before: Letter | undefined, letter: Letter | undefined): number {
  const first = before?.kind === "cyrillic" ? before.place : 0;
  // The table has no costs after a letter that is not in it.
  if (before?.kind === "cyrillic" && first === 0) return letter && letter.place > 0 ? costs.afterStrange : 0;
  if (letter && letter.place === 0) return 0;
  return pairCosts[first]?.[letter?.place ?? 0] ?? 0;
}

function neighbourCost(before: Letter, letter: Letter): number {
  if (before.kind !== "sign" && letter.kind !== "sign") {
    const alphabetsMixed = before.kind === letter.kind ? 0 : costs.secondAlphabet;
    return alphabetsMixed + (letter.upper && !before.upper ? costs.capitalInside : 0);
  }
  // A quotation mark opens before a capital and closes after a letter; other signs are not adjacent to letters.
  if (before.kind === "sign" && before.high && letter.kind !== "sign")
    return before.opens && letter.upper ? 0 : costs.signAtLetter;
  if (before.kind !== "sign" && letter.kind === "sign" && letter.high) return letter.closes ? 0 : costs.signAtLetter;
  return 0;
}

/** The cost of the counted words in each encoding. */
export interface LetterScore {
  /** Count of each non-ASCII byte. */
  bytes: Uint32Array;
  costs: number[];
}

export const emptyScore = (): LetterScore => ({
  bytes: new Uint32Array(256),
  costs: singleByteEncodings.map(() => 0),
});

const isAsciiLetter = (byte: number) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** The words that contain non-ASCII bytes. */
export function* foreignWords(bytes: Uint8Array): Generator<Uint8Array> {
  let start = -1;
  let foreign = false;
  for (let index = 0; index <= bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte >= 0x80 || isAsciiLetter(byte)) {
      if (start < 0) start = index;
      foreign ||= byte >= 0x80;
    } else if (start >= 0) {
      if (foreign) yield bytes.subarray(start, index);
      start = -1;
      foreign = false;
    }
  }
}

export function addWord(score: LetterScore, word: Uint8Array): void {
  for (const byte of word) if (byte >= 0x80) score.bytes[byte] = (score.bytes[byte] ?? 0) + 1;
  for (const [index, alphabet] of alphabets.entries())
    score.costs[index] = (score.costs[index] ?? 0) + wordCost(word, alphabet);
}

export function addScore(score: LetterScore, other: LetterScore): void {
  for (const [byte, count] of other.bytes.entries()) score.bytes[byte] = (score.bytes[byte] ?? 0) + count;
  for (const [index, cost] of other.costs.entries()) score.costs[index] = (score.costs[index] ?? 0) + cost;
}

/** Number of non-ASCII bytes. */
export const highBytes = ({ bytes }: LetterScore): number => bytes.reduce((sum, count) => sum + count, 0);

/** Whether both encodings decode the counted bytes to the same text. */
export const readAlike = ({ bytes }: LetterScore, first: number, second: number): boolean =>
  bytes.every((count, byte) => count === 0 || characters[first]?.[byte] === characters[second]?.[byte]);
