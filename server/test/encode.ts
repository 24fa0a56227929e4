/** Text as an old program would write it, in an encoding of one byte for each letter. Throws where it lacks a letter. */
export function encode(text: string, encoding: string): Buffer<ArrayBuffer> {
  const decoder = new TextDecoder(encoding);
  const letters = Array.from({ length: 256 }, (_, byte) => decoder.decode(Uint8Array.of(byte)));
  return Buffer.from(
    [...text].map((letter) => {
      const byte = letters.indexOf(letter);
      if (byte < 0) throw new Error(`${encoding} has no ${letter}`);
      return byte;
    }),
  );
}
