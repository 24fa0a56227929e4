import { ImportFileError } from "./import-file-error";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1251";

/** The encoding that a byte order mark tells. */
export function markedEncoding(start: Uint8Array): Encoding | undefined {
  const [a, b, c] = start;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return undefined;
}

/**
 * UTF-8, or the one that Russian Excel writes. Any bytes at all are valid windows-1251, so a damaged UTF-8 file must
 * not pass for it: its people would be registered under names of rubbish. Throws ImportFileError.
 */
export async function guessEncoding(open: () => AsyncIterable<Uint8Array>): Promise<Encoding> {
  if (await isUtf8(open())) return "utf-8";
  let broken = 0;
  let sound = 0;
  for await (const text of decode(open(), "utf-8"))
    for (const character of text) {
      if (character === "\ufffd") broken += 1;
      else if (character > "\x7f") sound += 1;
    }
  if (sound >= broken) throw new ImportFileError("encoding");
  return "windows-1251";
}

async function isUtf8(bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const piece of bytes) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_ENCODING_INVALID_ENCODED_DATA") return false;
    throw error;
  }
}

/** The text, without a byte order mark. What cannot be decoded becomes U+FFFD. */
export async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
