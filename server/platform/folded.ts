/** How names and words of a list are compared: capitals, blanks and decomposed letters make no difference. */
export const folded = (text: string): string => text.normalize("NFC").replace(/\s+/g, " ").trim().toLowerCase();
