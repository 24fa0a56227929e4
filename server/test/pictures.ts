import { crc32, deflateSync } from "node:zlib";

// Pictures of any size, small in bytes: what a test of uploads sends.

const fourBytes = (value: number, little = false): Buffer => {
  const bytes = Buffer.alloc(4);
  if (little) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
};

export function pngChunk(name: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), content]);
  return Buffer.concat([fourBytes(content.length), body, fourBytes(crc32(body))]);
}

/** Of one colour. Its data are those of the size only up to 4 million pixels: beyond, the header alone tells the size. */
export function png(width: number, height: number, more: Uint8Array[] = [], colour = [138, 28, 91]): Uint8Array {
  const line = Buffer.concat([Buffer.of(0), ...Array(Math.min(width, 2_000)).fill(Buffer.from(colour))]);
  const lines = width * height > 4_000_000 ? [line] : Array(height).fill(line);
  return new Uint8Array(
    Buffer.concat([
      Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      pngChunk("IHDR", Buffer.concat([fourBytes(width), fourBytes(height), Buffer.of(8, 2, 0, 0, 0)])),
      ...more,
      pngChunk("IDAT", deflateSync(Buffer.concat(lines))),
      pngChunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

/** The segments of a grey JPEG; its scan is bytes of no meaning. */
export function jpeg(width: number, height: number): Uint8Array {
  const sides = [height >> 8, height & 0xff, width >> 8, width & 0xff];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...[0xff, 0xe0, 0, 16, ...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0],
    ...[0xff, 0xc0, 0, 11, 8, ...sides, 1, 1, 0x11, 0],
    ...[0xff, 0xc4, 0, 5, 0, 0, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
    ...[0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
    ...[0xff, 0xd9],
  ]);
}

/** The chunks of a WebP; the picture itself is bytes of no meaning. */
export function webp(width: number, height: number, kind: "VP8 " | "VP8L" | "ANMF" | "none" = "VP8 "): Uint8Array {
  const chunk = (name: string, content: number[]) =>
    Buffer.concat([
      Buffer.from(name),
      fourBytes(content.length, true),
      Buffer.from(content),
      Buffer.alloc(content.length % 2),
    ]);
  const three = (value: number) => [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff];
  const two = (value: number) => [value & 0xff, (value >> 8) & 0x3f];
  const canvas = chunk("VP8X", [2, 0, 0, 0, ...three(width - 1), ...three(height - 1)]);
  const chunks = {
    "VP8 ": [chunk("VP8 ", [0x10, 0, 0, 0x9d, 0x01, 0x2a, ...two(width), ...two(height), 0, 0, 0])],
    VP8L: [chunk("VP8L", [0x2f, ...fourBytes(((width - 1) | ((height - 1) << 14)) >>> 0, true), 0])],
    ANMF: [canvas, chunk("ANIM", [0, 0, 0, 0, 0, 0]), chunk("ANMF", Array(24).fill(0))],
    none: [canvas, chunk("EXIF", [0, 0])],
  }[kind];
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  return new Uint8Array(Buffer.concat([Buffer.from("RIFF"), fourBytes(body.length, true), body]));
}
