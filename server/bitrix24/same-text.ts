/** Whether two names are the same to a reader: blanks, case and the way letters are encoded do not count. */
export const sameText = (a: string, b: string): boolean => {
  const normal = (text: string) => text.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
  return normal(a) === normal(b);
};
