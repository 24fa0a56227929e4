import type { Field } from "../import/columns";
import type { FileProblemCode, ImportFileError } from "../import/import-file-error";
import type { RowProblem, RowProblemCode } from "../import/person";
import { eachPersonField } from "../person/fields";

const fieldNames: Partial<Record<Field, string>> = {
  ...eachPersonField((_, { header }) => header.en.toLowerCase()),
  paid: "paid",
  paidAt: "paid at",
  registeredAt: "registered at",
};

const nameOf = (field: Field) => fieldNames[field] ?? field;

const fileProblems: Record<FileProblemCode, string> = {
  empty: "there is nobody in it",
  encoding: "its encoding is not clear; save it as UTF-8",
  spreadsheet: "this is a spreadsheet; save it as CSV",
  quote: "a quotation mark is opened and never closed",
  columns_missing: "there is no column for",
  column_twice: "there are two columns for",
  too_large: "it is too large",
};

export function fileProblemText({ code, fields, line }: ImportFileError): string {
  const words = [fileProblems[code], fields.map(nameOf).join(", ")].filter(Boolean).join(" ");
  return line === undefined ? words : `${words} (line ${line})`;
}

const rowProblems: Record<RowProblemCode, string> = {
  required: "is missing",
  invalid: "cannot be used",
  too_long: "is too long",
  characters: "has characters that cannot be saved",
  email: "is no address",
  phone: "is no phone number",
  paid: "says neither yes nor no",
  date: "is no day of the past",
  cells: "more cells than headers",
  double: "stands further up in the list",
  registered: "had registered before",
};

export const rowProblemText = ({ field, code }: RowProblem): string =>
  field === null ? rowProblems[code] : `${nameOf(field)} ${rowProblems[code]}`;
