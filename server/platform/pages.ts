/**
 * A page out of rows that were asked for with one more than fit: the extra row tells whether another page follows,
 * without a count. `last` is the row that the next page goes on after, undefined on the last page.
 */
export function takePage<Row>(rows: Row[], limit: number): { page: Row[]; last: Row | undefined } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? page.at(-1) : undefined };
}
