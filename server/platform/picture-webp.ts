import type { Size } from "./picture-limits";

/** The size of a WebP whose chunks fill the file exactly and hold a picture; else null. */
export function readWebp(view: DataView): Size | null {
  if (view.byteLength < 20 || nameAt(view, 0) !== "RIFF" || view.getUint32(4, true) + 8 !== view.byteLength)
    return null;
  let canvas: Size | null = null;
  let image: Size | null = null;
  let hasFrames = false;
  for (let at = 12; at < view.byteLength; ) {
    if (at + 8 > view.byteLength) return null;
    const [name, length] = [nameAt(view, at), view.getUint32(at + 4, true)];
    const end = at + 8 + length + (length % 2);
    if (end > view.byteLength) return null;
    if (name === "VP8X") {
      if (at !== 12 || length < 10) return null;
      canvas = { width: 1 + threeBytes(view, at + 12), height: 1 + threeBytes(view, at + 15) };
    } else if (name === "VP8 " || name === "VP8L") {
      if (image) return null;
      image = name === "VP8 " ? lossy(view, at + 8, length) : lossless(view, at + 8, length);
      if (!image) return null;
    } else if (name === "ANMF") hasFrames ||= length > 16;
    // Without the extended header the picture is the only chunk that has a meaning.
    else if (at === 12) return null;
    at = end;
  }
  if (!canvas) return hasFrames ? null : image;
  if (!image) return hasFrames ? canvas : null;
  return image.width === canvas.width && image.height === canvas.height ? canvas : null;
}

function lossy(view: DataView, at: number, length: number): Size | null {
  // A key frame and its start code.
  if (length < 10 || view.getUint8(at) & 1 || threeBytes(view, at + 3) !== 0x2a019d) return null;
  return { width: view.getUint16(at + 6, true) & 0x3fff, height: view.getUint16(at + 8, true) & 0x3fff };
}

function lossless(view: DataView, at: number, length: number): Size | null {
  if (length < 5 || view.getUint8(at) !== 0x2f) return null;
  const bits = view.getUint32(at + 1, true);
  return bits >>> 29 === 0 ? { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) } : null;
}

const threeBytes = (view: DataView, at: number): number => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);

const nameAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)));
