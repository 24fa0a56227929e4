/** From 0x80 on, where Node 20 takes windows-1252 for Latin-1: by the encoding's own table, so that a test sees that. */
const signsIn1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Text as an old program would write it, in an encoding of one byte for each letter. Throws where it lacks a letter. */
export function encode(text: string, encoding: string): Buffer<ArrayBuffer> {
  const decoder = new TextDecoder(encoding);
  const letters = Array.from({ length: 256 }, (_, byte) => decoder.decode(Uint8Array.of(byte)));
  if (encoding === "windows-1252") letters.splice(0x80, signsIn1252.length, ...signsIn1252);
  return Buffer.from(
    [...text].map((letter) => {
      const byte = letters.indexOf(letter);
      if (byte < 0) throw new Error(`${encoding} has no ${letter}`);
      return byte;
    }),
  );
}
