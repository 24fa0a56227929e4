/** Whether two names look the same to a reader: ignores blanks, case and the Unicode form of the letters. */
export const sameText = (a: string, b: string): boolean => {
  const normal = (text: string) => text.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
  return normal(a) === normal(b);
};
