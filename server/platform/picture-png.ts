import type { Size } from "./picture-limits";

/** Bits of a sample that each colour type may have. */
const depths: Record<number, number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };

/** The size of a PNG whose chunks are whole, with their checksums, up to IEND and nothing behind it; else null. */
export function readPng(view: DataView): Size | null {
  let size: Size | null = null;
  let hasData = false;
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > view.byteLength || view.getUint32(end - 4) !== checksum(view, at + 4, end - 4)) return null;
    const name = nameAt(view, at + 4);
    if ((size === null) !== (name === "IHDR")) return null;
    if (name === "IHDR") size = length === 13 ? header(view, at + 8) : null;
    if (size === null) return null;
    if (name === "IDAT" && length > 0) hasData = true;
    if (name === "IEND") return hasData && end === view.byteLength ? size : null;
    at = end;
  }
  return null;
}

function header(view: DataView, at: number): Size | null {
  const [depth, colour, ...methods] = [8, 9, 10, 11, 12].map((place) => view.getUint8(at + place));
  const [compression, filter, interlace = 2] = methods;
  const isKnown = depths[colour ?? -1]?.includes(depth ?? 0) && compression === 0 && filter === 0 && interlace < 2;
  return isKnown ? { width: view.getUint32(at), height: view.getUint32(at + 4) } : null;
}

const nameAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)));

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as PNG has it. */
function checksum(view: DataView, from: number, to: number): number {
  let value = 0xffffffff;
  for (let at = from; at < to; at++) value = (table[(value ^ view.getUint8(at)) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
