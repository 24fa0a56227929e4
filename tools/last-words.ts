/**
 * Says the last words of a run and ends it. `process.exit` alone loses what the reader of a pipe has not taken yet, such as
 * the count by which the run is judged.
 */
export function endWith(words: string, code: number): void {
  process.stdout.write(`${words}\n`, () => process.exit(code));
}
