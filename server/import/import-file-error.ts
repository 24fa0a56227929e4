import type { OwnField } from "./columns";

export type FileProblemCode =
  | "empty"
  | "encoding"
  | "spreadsheet"
  | "quote"
  | "long_line"
  | "columns_missing"
  | "too_large"
  | "too_many";

/** A file that cannot be imported at all. Its code has words in the dictionaries, which use `line` and `fields`. */
export class ImportFileError extends Error {
  readonly code: FileProblemCode;
  readonly line: number | undefined;
  readonly fields: OwnField[];

  constructor(code: FileProblemCode, { line, fields = [] }: { line?: number; fields?: OwnField[] } = {}) {
    super(code);
    this.name = "ImportFileError";
    this.code = code;
    this.line = line;
    this.fields = fields;
  }
}
