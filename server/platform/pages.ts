/**
 * A page of rows that were queried with one extra: the extra row tells whether another page follows, without a count.
 * `last` is the row after which the next page starts, undefined on the last page.
 */
export function takePage<Row>(rows: Row[], limit: number): { page: Row[]; last: Row | undefined } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? page.at(-1) : undefined };
}
