import { ImportFileError } from "./import-file-error";
import {
  addScore,
  addWord,
  emptyScore,
  foreignWords,
  highBytes,
  type LetterScore,
  readAlike,
  type SingleByteEncoding,
  singleByteEncodings,
} from "./letter-score";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | SingleByteEncoding;

/** How to decode a file. */
export interface FoundEncoding {
  encoding: Encoding;
  /** Guessed from the letters: an administrator should see the text before the import. */
  guessed: boolean;
}

type Source = () => AsyncIterable<Uint8Array>;

/** The encoding that a byte order mark names. */
function markedEncoding(start: Uint8Array): Encoding | undefined {
  const [a, b, c] = start;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return undefined;
}

/**
 * The encoding of a list. Any bytes are valid in the old single-byte encodings, so these are distinguished by the words
 * they give. If none or several make sense, the file is rejected: otherwise people would be registered under garbled
 * names. Throws ImportFileError.
 */
export async function findEncoding(open: Source): Promise<FoundEncoding> {
  const start = await firstBytes(open);
  const marked = markedEncoding(start);
  const wide = marked ? undefined : await unmarkedUtf16(open);
  const unicode = marked ?? wide ?? "utf-8";
  const brokenAt = await firstBrokenLine(open, unicode);
  if (brokenAt === undefined) return { encoding: unicode, guessed: wide !== undefined };
  if (unicode !== "utf-8" || marked || (await isDamagedUtf8(open)))
    throw new ImportFileError("encoding", { line: brokenAt });
  return { encoding: await byLetters(open), guessed: true };
}

async function firstBytes(open: Source): Promise<Uint8Array> {
  for await (const bytes of open()) return bytes;
  return new Uint8Array();
}

/** In UTF-16, ASCII characters have a zero byte beside them: always before, or always after. */
async function unmarkedUtf16(open: Source): Promise<Encoding | undefined> {
  const zeros: [even: number, odd: number] = [0, 0];
  let offset = 0;
  for await (const bytes of open())
    for (const byte of bytes) {
      if (byte === 0) zeros[offset % 2 === 0 ? 0 : 1] += 1;
      offset += 1;
    }
  const [even, odd] = zeros;
  if ((even + odd) * 20 < offset || offset % 2 !== 0) return undefined;
  if (odd > even * 20) return "utf-16le";
  if (even > odd * 20) return "utf-16be";
  return undefined;
}

/**
 * The first line that is not valid in this encoding. A NUL is invalid: it is left over if the guess was wrong. U+FFFD
 * may be in the file itself, damaged by another program; that is reported by line.
 */
async function firstBrokenLine(open: Source, encoding: Encoding): Promise<number | undefined> {
  if (await isWhole(open, encoding)) return undefined;
  let before = "";
  let line = 1;
  for await (const text of decode(open(), encoding)) {
    const broken = text.search(/[\ufffd\0]/);
    line += lineEnds(broken < 0 ? text : text.slice(0, broken), before);
    if (broken >= 0) break;
    before = text || before;
  }
  return line;
}

/** Line ends in a piece; a line end cut by the start of the piece was counted with the piece before. */
const lineEnds = (text: string, before: string): number =>
  (text.match(/\r\n|\r|\n/g)?.length ?? 0) - (before.endsWith("\r") && text.startsWith("\n") ? 1 : 0);

async function isWhole(open: Source, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const bytes of open()) if (decoder.decode(bytes, { stream: true }).includes("\0")) return false;
    return !decoder.decode().includes("\0");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_ENCODING_INVALID_ENCODED_DATA") return false;
    throw error;
  }
}

/** Whether most of the non-ASCII content is valid UTF-8, which hardly happens by chance. */
async function isDamagedUtf8(open: Source): Promise<boolean> {
  let broken = 0;
  let sound = 0;
  for await (const text of decode(open(), "utf-8"))
    for (const character of text) {
      if (character === "\ufffd") broken += 1;
      else if (character > "\x7f") sound += 1;
    }
  return sound >= broken;
}

/** Non-ASCII bytes judged at a time: joined lists may have several encodings. */
const blockSize = 200;
/** Cost per non-ASCII byte above which the text is garbage. */
const mostCost = 4.3;
/** The best encoding must be likelier than any that reads differently by this margin, in natural logarithms. */
const leastMargin = 6;
/** Another encoding must be likelier for a part of the file by this margin to show that the file is mixed. */
const otherMargin = 12;

async function byLetters(open: Source): Promise<Encoding> {
  const total = emptyScore();
  const blocks: LetterScore[] = [];
  let block = emptyScore();
  let high = 0;
  for await (const bytes of wholeLines(open()))
    for (const word of foreignWords(bytes)) {
      addWord(block, word);
      high += word.length;
      if (high < blockSize) continue;
      blocks.push(block);
      block = emptyScore();
      high = 0;
    }
  for (const score of [...blocks, block]) addScore(total, score);
  const [best, cost] = cheapest(total);
  const rival = Math.min(...total.costs.filter((_, index) => !readAlike(total, best, index)));
  const mixed = [...blocks, block].some((score) => {
    const [, least] = cheapest(score);
    return (score.costs[best] ?? 0) - least > otherMargin;
  });
  const encoding = singleByteEncodings[best];
  if (!encoding || mixed || cost > highBytes(total) * mostCost || rival - cost < leastMargin)
    throw new ImportFileError("encoding");
  return encoding;
}

function cheapest({ costs }: LetterScore): [index: number, cost: number] {
  const cost = Math.min(...costs);
  return [costs.indexOf(cost), cost];
}

const longestLine = 1024 * 1024;

/** Pieces that end at a line's end, so that no word is cut. */
async function* wholeLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const piece of bytes) {
    const end = piece.lastIndexOf(0x0a) + 1 || piece.lastIndexOf(0x0d) + 1;
    if (end === 0 && rest.length < longestLine) rest = Buffer.concat([rest, piece]);
    else {
      yield Buffer.concat([rest, piece.subarray(0, end)]);
      rest = Uint8Array.from(piece.subarray(end));
    }
  }
  yield rest;
}

/** The text without a byte order mark. Invalid bytes become U+FFFD. */
export async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
