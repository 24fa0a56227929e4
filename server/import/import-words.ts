import { eachPersonField } from "../person/fields";
import { personHeader } from "../person/header";
import type { OwnField } from "./columns";
import type { FileProblemCode } from "./import-file-error";
import { maxImportMegabytes, maxImportRows } from "./import-limits";
import type { RowProblemCode } from "./person";

/** What the page and the command of the import say about a list. */
export interface ImportWords {
  fileProblems: Record<FileProblemCode, (fields: string, line: number | null) => string>;
  fields: Record<OwnField, string>;
  rowProblems: Record<RowProblemCode, string>;
}

export const enImportWords: ImportWords = {
  fileProblems: {
    empty: () => "This file contains no people.",
    encoding: (_, line) =>
      line === null
        ? "The encoding of this file cannot be determined. Save it as CSV in UTF-8."
        : `The letters of this file are damaged on line ${line}, or it mixes several encodings. Save it as CSV in UTF-8.`,
    spreadsheet: () => "This is a spreadsheet. Open it and save it as CSV.",
    quote: (_, line) =>
      `The quotation mark that opens a cell on line ${line} is not closed where the cell ends. Inside such a cell each quotation mark is written twice.`,
    long_line: (_, line) => `Line ${line} is longer than any person's data. Is this a CSV file?`,
    columns_missing: (fields) => `The first line names no column for: ${fields}.`,
    too_large: () =>
      `This file is larger than ${maxImportMegabytes}\u00a0MB. Split it, or use the command npm run import.`,
    too_many: () =>
      `This list has more than ${maxImportRows.toLocaleString("en-GB")} lines. Split it, or use the command npm run import.`,
  },
  fields: {
    ...eachPersonField((name) => personHeader(name).en),
    paid: "Paid",
    paidAt: "Paid on",
    registeredAt: "Registered",
    form: "Form",
    utm_source: "utm_source",
    utm_medium: "utm_medium",
    utm_campaign: "utm_campaign",
    utm_content: "utm_content",
    utm_term: "utm_term",
  },
  rowProblems: {
    required: "empty",
    invalid: "not valid",
    too_long: "too long",
    characters: "characters that cannot be saved",
    garbled: "letters damaged by a wrong encoding",
    email: "not an address",
    phone: "number not recognised",
    rounded: "the spreadsheet has rounded the number; format its column as text",
    paid: "must be yes or no",
    date: "not a date; write it as 2025-03-01 or 01.03.2025",
    future: "lies in the future",
    form: "no form of this site, or the name of several: write the form's address, such as spring",
    number: "not a number",
    day: "not a date",
    option: "not one of the options",
    cells: "more cells than column names",
    no_links: "holds a link, an address or a phone number",
    duplicate: "duplicate of an earlier row",
    registered: "already registered",
  },
};
