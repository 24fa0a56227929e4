import type { ImportFile } from "./import-file";
import { type ImportedPerson, parsePerson, type RowProblem } from "./person";
import { readTable } from "./table";

/** A line of the list: a person to import, a duplicate of an earlier line, or one that cannot be imported. */
export type ImportRow = { line: number; cells: string[] } & (
  | { kind: "person"; person: ImportedPerson }
  | { kind: "duplicate" | "refused"; problems: RowProblem[] }
);

/**
 * The lines below the header. The same file always gives the same rows, so a row's position identifies it in every
 * process.
 */
export async function* readRows(
  file: Pick<ImportFile, "open" | "encoding" | "columns" | "zone">,
): AsyncGenerator<ImportRow> {
  let first = true;
  const seen = new Set<string>();
  for await (const { line, cells } of readTable(file.open(), file.encoding)) {
    if (first) {
      first = false;
      continue;
    }
    const person = parsePerson(cells, file);
    if (Array.isArray(person)) yield { line, cells, kind: "refused", problems: person };
    else if (seen.has(person.email))
      yield { line, cells, kind: "duplicate", problems: [{ field: "email", code: "duplicate" }] };
    else {
      seen.add(person.email);
      yield { line, cells, kind: "person", person };
    }
  }
}
