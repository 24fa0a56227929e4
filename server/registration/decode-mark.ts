/**
 * Percent codes as marks have them in practice: in UTF-8, in windows-1251 by old systems, and encoded twice by mailers and
 * redirects. Characters beyond ASCII that are not encoded count as the bytes that were sent, which is how Node reads them.
 */

const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1251 = new TextDecoder("windows-1251");

/** Any bytes are windows-1251, so only what reads as Russian, Ukrainian or Belarusian is believed to be. */
const cyrillic =
  /^[\x20-\x7e\u0401\u0404\u0406\u0407\u040e\u0410-\u044f\u0451\u0454\u0456\u0457\u045e\u0490\u0491\u00a0«»–—…№“”„]+$/;

/** One Cyrillic letter at a Latin one: "caf%E9" is French in another encoding. */
const lonely = /[a-z][\u0400-\u04ff](?![\u0400-\u04ff])|(?:^|[^\u0400-\u04ffa-z])[\u0400-\u04ff][a-z]/i;

/** No mistake wraps a mark in more layers than this. */
const maxLayers = 3;

/** The text, or undefined where it cannot be read: rubbish in reports is worse than a gap. */
export function decodeMark(raw: string): string | undefined {
  let text = decodeOnce(raw, "latin1");
  for (let layer = 1; layer < maxLayers && text !== undefined && /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i.test(text); layer++) {
    const inner = decodeOnce(text, "utf8");
    // "100%ab" as a text of its own is no code.
    if (inner === undefined) break;
    text = inner;
  }
  return text?.includes("\ufffd") ? undefined : text;
}

/** `beyond`: what characters beyond ASCII stand for, bytes as sent or letters that an outer layer has given. */
function decodeOnce(text: string, beyond: "latin1" | "utf8"): string | undefined {
  const old = text.replace(/%u([0-9a-f]{4})/gi, (_, code: string) =>
    encodeURIComponent(String.fromCharCode(Number.parseInt(code, 16)).toWellFormed()),
  );
  const bytes = bytesOf(old, beyond);
  try {
    return utf8.decode(bytes);
  } catch {
    const guess = windows1251.decode(bytes);
    return cyrillic.test(guess) && !lonely.test(guess) ? guess : undefined;
  }
}

/** A percent sign without two digits behind it stands for itself. */
function bytesOf(text: string, beyond: "latin1" | "utf8"): Uint8Array {
  const parts = text.split(/(%[0-9a-f]{2})/i).map((part) => {
    if (/^%[0-9a-f]{2}$/i.test(part)) return Buffer.from(part.slice(1), "hex");
    return Buffer.from(part, /[^\0-\xff]/.test(part) ? "utf8" : beyond);
  });
  return Buffer.concat(parts);
}
