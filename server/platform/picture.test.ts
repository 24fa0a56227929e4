import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { jpeg, png, pngChunk, webp } from "../test/pictures";
import { propertySeed } from "../test/property";
import { readPicture } from "./picture";
import { maxPictureBytes } from "./picture-limits";

const joined = (...parts: (Uint8Array | string)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))));
const whole = { "image/png": png(120, 40), "image/jpeg": jpeg(120, 40), "image/webp": webp(120, 40) };
const codeOf = (bytes: Uint8Array) => {
  const read = readPicture(bytes);
  return "fault" in read ? read.fault.code : read.type;
};

for (const [type, bytes] of Object.entries(whole)) {
  test(`${type} is recognised with its size`, () => {
    expect(readPicture(bytes)).toEqual({ type, width: 120, height: 40 });
    // As a part of a larger buffer.
    expect(readPicture(joined("before", bytes).subarray(6))).toEqual({ type, width: 120, height: 40 });
  });

  test(`${type} that ends too early is refused wherever it ends`, () => {
    for (let end = 1; end < bytes.length; end++) expect(codeOf(bytes.subarray(0, end)), `${end}`).not.toMatch(/^image/);
  });

  test(`${type} with something behind it is refused`, () => {
    for (const more of ["\0", "PK\x03\x04 an archive", "<script>alert(1)</script>", "<?php echo 1; ?>"])
      expect(codeOf(joined(bytes, more))).toBe("damaged");
    expect(codeOf(joined(bytes, bytes))).toBe("damaged");
  });

  test(`${type} with any bytes changed is answered, never an exception`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, byte] of changes) changed[at] = byte;
        const read = readPicture(changed);
        if ("fault" in read) return;
        expect(Math.max(read.width, read.height)).toBeLessThanOrEqual(2_000);
        expect(Math.min(read.width, read.height)).toBeGreaterThanOrEqual(1);
      }),
      { seed: propertySeed, numRuns: 400 },
    );
  });
}

for (const make of [png, jpeg, webp])
  test(`${make.name}: a side of 2000 pixels is the longest, and none is of 0`, () => {
    expect(readPicture(make(2_000, 1))).toMatchObject({ width: 2_000, height: 1 });
    expect(readPicture(make(2_001, 1))).toEqual({ fault: { code: "sides", width: 2_001, height: 1 } });
    expect(readPicture(make(1, 16_000))).toEqual({ fault: { code: "sides", width: 1, height: 16_000 } });
    if (make !== webp) expect(codeOf(make(0, 40))).toBe("damaged");
  });

test("a PNG of four billion pixels a side is refused by its header", () => {
  expect(readPicture(png(0xffffffff, 0xffffffff))).toMatchObject({ fault: { code: "sides" } });
});

test("a drawing is refused as one, in any spelling that a browser reads", () => {
  for (const text of [
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '\ufeff<?xml version="1.0"?>\n<!-- logo -->\n<SVG onload="alert(1)">',
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">',
    "<svg/>",
    '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>',
  ])
    for (const encoding of ["utf8", "utf16le"] as const)
      expect(codeOf(new Uint8Array(Buffer.from(text, encoding)))).toBe("svg");
});

test("what is none of the three kinds is refused, whatever it is called", () => {
  for (const text of ["GIF89a\x01\0", "<html>", "BM", "%PDF-1.7", "\0", "RIFF\x04\0\0\0WAVE", "PNG", "\x1f\x8b\x08"])
    expect(codeOf(new Uint8Array(Buffer.from(text, "latin1")))).toBe("type");
  expect(codeOf(new Uint8Array())).toBe("empty");
  // A picture behind something else: the kind is that of the first bytes.
  expect(codeOf(joined("GIF89a", whole["image/png"]))).toBe("type");
});

test("half a megabyte is the largest", () => {
  const base = png(10, 10);
  const of = (bytes: number) => png(10, 10, [pngChunk("prVt", new Uint8Array(bytes - base.length - 12))]);
  expect(of(maxPictureBytes).length).toBe(maxPictureBytes);
  expect(codeOf(of(maxPictureBytes))).toBe("image/png");
  expect(codeOf(of(maxPictureBytes + 1))).toBe("bytes");
});

test("a PNG with a wrong checksum, a second header or no picture is damaged", () => {
  const header = png(10, 10).subarray(0, 33);
  const data = pngChunk("IDAT", deflateSync(new Uint8Array(310)));
  const end = pngChunk("IEND", new Uint8Array());
  expect(codeOf(joined(header, data, end))).toBe("image/png");
  for (const parts of [
    [header, end],
    [header, header.subarray(8), data, end],
    [header.subarray(0, 8), data, end],
    [header, data],
  ])
    expect(codeOf(joined(...parts))).toBe("damaged");
  const changed = Uint8Array.from(png(10, 10));
  changed[45] = (changed[45] ?? 0) ^ 1;
  expect(codeOf(changed)).toBe("damaged");
});

test("an animated WebP has the size of its canvas; a canvas without a picture is damaged", () => {
  expect(readPicture(webp(120, 40, "ANMF"))).toEqual({ type: "image/webp", width: 120, height: 40 });
  expect(readPicture(webp(120, 40, "VP8L"))).toEqual({ type: "image/webp", width: 120, height: 40 });
  expect(codeOf(webp(120, 40, "none"))).toBe("damaged");
});
