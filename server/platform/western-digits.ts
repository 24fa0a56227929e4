/** The text with the digits of every script as 0 to 9. In Unicode they stand in rows of ten, some directly behind one another. */
export function westernDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let start = digit.codePointAt(0) ?? 0;
    const code = start;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(start - 1))) start--;
    return String((code - start) % 10);
  });
}
