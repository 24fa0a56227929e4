import type { Size } from "./picture-limits";

/** Frames that browsers show: baseline, extended and progressive. */
const shownFrames = [0xc0, 0xc1, 0xc2];
/** In the range of frames, but tables. */
const noFrames = [0xc4, 0xc8, 0xcc];
const [startOfScan, endOfImage] = [0xda, 0xd9];

/** The size of a JPEG whose segments and scans are whole, up to EOI and nothing behind it; else null. */
export function readJpeg(view: DataView): Size | null {
  let size: Size | null = null;
  let hasScan = false;
  for (let at = 2; at + 2 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    // Filling before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === endOfImage) return hasScan && at + 2 === view.byteLength ? size : null;
    if (isBare(marker) || at + 4 > view.byteLength) return null;
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > view.byteLength) return null;
    if (marker >= 0xc0 && marker <= 0xcf && !noFrames.includes(marker)) {
      if (size || !shownFrames.includes(marker)) return null;
      size = frame(view, at + 4, length - 2);
      if (!size) return null;
    }
    if (marker === startOfScan && !size) return null;
    hasScan ||= marker === startOfScan;
    at = marker === startOfScan ? endOfScan(view, end) : end;
  }
  return null;
}

/** Markers without a length, which have no place between segments. */
const isBare = (marker: number): boolean => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);

function frame(view: DataView, at: number, length: number): Size | null {
  if (length < 6 || view.getUint8(at) !== 8) return null;
  const components = view.getUint8(at + 5);
  if (![1, 3, 4].includes(components) || length !== 6 + 3 * components) return null;
  return { height: view.getUint16(at + 1), width: view.getUint16(at + 3) };
}

/** Where the next marker stands behind a scan's data, in which a byte 0xff is followed by 0 or a restart marker. */
function endOfScan(view: DataView, from: number): number {
  for (let at = from; at + 1 < view.byteLength; at++) {
    const next = view.getUint8(at + 1);
    if (view.getUint8(at) === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return view.byteLength;
}
