/** The number that was given as `name`. Throws one sentence for the person at the terminal. */
export function wholeNumber(
  name: string,
  text: string,
  { least = 0, most }: { least?: number; most?: number } = {},
): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= (most ?? number)) return number;
  const end = most === undefined ? "" : ` to ${most}`;
  throw new Error(`${name}=${text}: expected a whole number from ${least}${end}.`);
}
