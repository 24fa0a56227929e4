import type { Size } from "./picture-limits";

/** The logo as its setting has it: the digest of a stored picture, and its size, so that no page has to look it up. */
export const logoShape = /^([0-9a-f]{64});([1-9]\d{0,3})x([1-9]\d{0,3})$/;

export interface Logo extends Size {
  /** Its address on the site. */
  src: string;
}

export const logoText = (digest: string, { width, height }: Size): string => `${digest};${width}x${height}`;

/** The picture of a setting's text; null: there is none. */
export function logoOf(text: string | null | undefined): Logo | null {
  const [, digest, width, height] = logoShape.exec(text ?? "") ?? [];
  return digest ? { src: `/logo/${digest}`, width: Number(width), height: Number(height) } : null;
}
