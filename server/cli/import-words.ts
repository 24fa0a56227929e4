import type { Target } from "../import/columns";
import type { ImportFileError } from "../import/import-file-error";
import { enImportWords } from "../import/import-words";
import type { RowProblem } from "../import/person";

const { fields, fileProblems, rowProblems } = enImportWords;
const columnNames: Partial<Record<Target, string>> = { ...fields, fullName: "Full name" };

/** A question is named by its key, as options of the command name it. */
export const nameOf = (field: Target): string => columnNames[field] ?? field;

/** Without a name it has its number, by which an option of the command names it as well. */
export const columnName = (header: string, place: number): string => header || String(place + 1);

export const fileProblemText = ({ code, fields: missing, line }: ImportFileError): string =>
  fileProblems[code](missing.map(nameOf).join(", "), line ?? null);

export const rowProblemText = ({ field, code }: RowProblem): string =>
  field === null ? rowProblems[code] : `${nameOf(field)}: ${rowProblems[code]}`;
