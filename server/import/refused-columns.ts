/** Columns that a file of refused lines has before those of its list. Their names are no question's, nor any field's. */
export const refusedColumns = ["refused line", "refused because"] as const;
/** Their names in files of earlier releases, which forms may ask for: known only where they stand as they were written. */
const former = ["line", "reason"] as const;

/** The header without those columns: when a mended file is imported they say nothing of the person. */
export function withoutRefusal(header: readonly string[]): string[] {
  const isFormer = former.every((name, place) => header[place] === name);
  return header.map((cell, place) => {
    const isRefusal = refusedColumns.some((name) => name === cell) || (isFormer && place < former.length);
    return isRefusal ? "" : cell;
  });
}
