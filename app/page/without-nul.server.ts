import { Transform } from "node:stream";

/**
 * Takes NUL out of a page. React 18 writes its buffer of 2,048 bytes as a whole, also where the next letter did not fit
 * into its end: a NUL is left there, which browsers show as � inside an attribute. No page of ours holds one for itself.
 */
export const withoutNul = (): Transform =>
  new Transform({
    transform: (chunk: Uint8Array, _encoding, done) =>
      done(null, chunk.includes(0) ? chunk.filter((byte) => byte !== 0) : chunk),
  });
