import { encode } from "uqr";

/** A QR code as one path of squares, so that it needs no foreign host, no file and no style of its own. */
export interface QrPath {
  size: number;
  d: string;
}

/** Four squares of white around it, as the standard asks. */
const border = 4;

export function qrPath(text: string): QrPath {
  const { size, data } = encode(text, { ecc: "M", border });
  const d = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return { size, d };
}
