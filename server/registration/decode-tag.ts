/**
 * Decodes percent codes as UTM tags have them in practice: in UTF-8, in windows-1251 by old systems, and encoded twice
 * by mailers and redirects, or cut within a letter by programs that count bytes. Unencoded characters beyond ASCII count
 * as the bytes that were sent, as Node reads them.
 */

const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1251 = new TextDecoder("windows-1251");

/** Any bytes are valid windows-1251, so the result is accepted only if it reads as Russian, Ukrainian or Belarusian. */
const cyrillic =
  /^[\x20-\x7e\u0401\u0404\u0406\u0407\u040e\u0410-\u044f\u0451\u0454\u0456\u0457\u045e\u0490\u0491\u00a0«»–—…№“”„]+$/;

/** A single Cyrillic letter next to a Latin one: "caf%E9" is French in another encoding. */
const lonely = /[a-z][\u0400-\u04ff](?![\u0400-\u04ff])|(?:^|[^\u0400-\u04ffa-z])[\u0400-\u04ff][a-z]/i;

/** Tags are not encoded more often than this in practice. */
const maxLayers = 3;

/** The text, or undefined if it cannot be decoded: garbage in reports is worse than a gap. */
export function decodeTag(raw: string): string | undefined {
  let text = decodeOnce(raw, "latin1");
  for (let layer = 1; layer < maxLayers && text !== undefined && /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i.test(text); layer++) {
    const inner = decodeOnce(text, "utf8");
    // A text such as "100%ab" is not percent-encoded.
    if (inner === undefined) break;
    text = inner;
  }
  return text?.includes("\ufffd") ? undefined : text;
}

/** `beyond`: what characters beyond ASCII mean: bytes as sent, or letters decoded from an outer layer. */
function decodeOnce(text: string, beyond: "latin1" | "utf8"): string | undefined {
  const old = text.replace(/%u([0-9a-f]{4})/gi, (_, code: string) =>
    encodeURIComponent(String.fromCharCode(Number.parseInt(code, 16)).toWellFormed()),
  );
  const bytes = bytesOf(old, beyond);
  try {
    return utf8.decode(bytes);
  } catch {
    const cut = (beyond === "latin1" || isAscii(text)) && withoutCutLetter(old);
    if (cut) return cut;
    const guess = windows1251.decode(bytes);
    // What one layer has left may be a text with a percent sign of its own: "100%ab" is no "100«", "50%ba" no "50є".
    if (beyond === "utf8" && !(isAscii(text) && /[\u0400-\u04ff]{2}/.test(guess))) return undefined;
    return cyrillic.test(guess) && !lonely.test(guess) ? guess : undefined;
  }
}

const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text);

/** The whole letters before one that was cut at the end; undefined unless one of them is beyond ASCII, so that it is UTF-8. */
function withoutCutLetter(text: string): string | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    const whole = decoder.decode(bytesOf(text.replace(/%[0-9a-f]?$/i, ""), "latin1"), { stream: true });
    return isAscii(whole) ? undefined : whole;
  } catch {
    return undefined;
  }
}

/** A percent sign that is not followed by two hex digits is literal. */
function bytesOf(text: string, beyond: "latin1" | "utf8"): Uint8Array {
  const parts = text.split(/(%[0-9a-f]{2})/i).map((part) => {
    if (/^%[0-9a-f]{2}$/i.test(part)) return Buffer.from(part.slice(1), "hex");
    return Buffer.from(part, /[^\0-\xff]/.test(part) ? "utf8" : beyond);
  });
  return Buffer.concat(parts);
}
