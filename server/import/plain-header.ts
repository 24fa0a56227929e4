/** Letters and digits only: "E-mail", "e mail" and "EMAIL" are one name. */
export const plainHeader = (header: string): string =>
  header
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{Nd}]/gu, "");
