import { readJpeg } from "./picture-jpeg";
import { maxPictureBytes, maxPictureSide, type Size } from "./picture-limits";
import { readPng } from "./picture-png";
import { readWebp } from "./picture-webp";

/**
 * Recognises pictures by their bytes alone: a name or Content-Type is what the sender says. Every part of the file is
 * walked to its very end, so that a truncated file, or one with something else behind the picture, is refused.
 */

export interface Picture extends Size {
  type: "image/png" | "image/jpeg" | "image/webp";
}

export type PictureFault = { code: "empty" | "svg" | "type" | "damaged" | "bytes" } | ({ code: "sides" } & Size);

const readers = [
  { type: "image/png", starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0, read: readPng },
  { type: "image/jpeg", starts: [0xff, 0xd8, 0xff], at: 0, read: readJpeg },
  { type: "image/webp", starts: [0x57, 0x45, 0x42, 0x50], at: 8, read: readWebp },
] as const;

/** The picture, or why it is refused. */
export function readPicture(bytes: Uint8Array): Picture | { fault: PictureFault } {
  if (bytes.length === 0) return { fault: { code: "empty" } };
  const reader = readers.find(({ starts, at }) => starts.every((byte, place) => bytes[at + place] === byte));
  if (!reader) return { fault: { code: isSvg(bytes) ? "svg" : "type" } };
  if (bytes.length > maxPictureBytes) return { fault: { code: "bytes" } };
  const size = reader.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!size || size.width < 1 || size.height < 1) return { fault: { code: "damaged" } };
  if (Math.max(size.width, size.height) > maxPictureSide) return { fault: { code: "sides", ...size } };
  return { type: reader.type, ...size };
}

/** In any encoding of two bytes a letter, too. */
function isSvg(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 4_096)).toString("latin1").replaceAll("\0", "");
  return /<svg[\s/>:]|<!doctype svg/i.test(start);
}
