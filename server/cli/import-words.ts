import type { Target } from "../import/columns";
import type { FileProblemCode, ImportFileError } from "../import/import-file-error";
import type { RowProblem, RowProblemCode } from "../import/person";
import { eachPersonField } from "../person/fields";

const fieldNames: Partial<Record<Target, string>> = {
  fullName: "full name",
  ...eachPersonField((_, { header }) => header.en.toLowerCase()),
  paid: "paid",
  paidAt: "paid at",
  registeredAt: "registered at",
  form: "form",
};

/** A question is named by its key, as options of the command name it. */
export const nameOf = (field: Target) => fieldNames[field] ?? field;

const fileProblems: Record<FileProblemCode, string> = {
  empty: "there are no people in it",
  encoding: "its letters cannot be read for sure; save it as UTF-8",
  spreadsheet: "this is a spreadsheet; save it as CSV",
  quote: "a quotation mark opens a cell and is not closed where the cell ends",
  long_line: "a line is longer than any person's data",
  columns_missing: "there is no column for",
  too_large: "it is too large",
  too_many: "it has too many lines",
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
  garbled: "has letters that were damaged by a wrong encoding",
  email: "is no address",
  phone: "is no phone number",
  no_links: "holds a link, an address or a phone number",
  rounded: "was rounded by a spreadsheet; format its column as text",
  paid: "says neither yes nor no",
  date: "is no day of the past",
  form: "is none of the site's forms, or the name of several",
  number: "is no number",
  day: "is no day",
  option: "is none of the question's options",
  cells: "more cells than headers",
  duplicate: "duplicate of an earlier row",
  registered: "had registered before",
};

export const rowProblemText = ({ field, code }: RowProblem): string =>
  field === null ? rowProblems[code] : `${nameOf(field)} ${rowProblems[code]}`;
