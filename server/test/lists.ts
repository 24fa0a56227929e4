import type { Question } from "../forms/definition";
import { bytesSource, suggested, surveyFile } from "../import/import-file";
import type { ImportedPerson } from "../import/person";
import { type ImportRow, readRows } from "../import/rows";

/** A site without questions. */
export const noForms = { forms: { all: () => [] } };

/** A list as it would be imported: the file and its rows. */
export async function readList(file: string | Buffer, zone = "UTC", questions: Question[] = []) {
  const survey = await surveyFile(bytesSource(Uint8Array.from(Buffer.from(file))), {
    zone,
    choose: (list) => suggested(list, questions),
  });
  const rows: ImportRow[] = [];
  for await (const row of readRows(survey)) rows.push(row);
  return { ...survey, rows };
}

export const people = ({ rows }: { rows: ImportRow[] }): ImportedPerson[] =>
  rows.flatMap((row) => (row.kind === "person" ? [row.person] : []));

/** `line: field code, …` of the rows that are not imported. */
export const problems = ({ rows }: { rows: ImportRow[] }) =>
  rows.flatMap((row) =>
    row.kind === "person"
      ? []
      : [`${row.line}: ${row.problems.map(({ field, code }) => `${field} ${code}`).join(", ")}`],
  );

/** What a line of a list may say of one person, in whatever spelling. */
export const anna: ImportedPerson = {
  firstName: "Анна",
  lastName: "О'Нил",
  company: null,
  email: "anna@example.com",
  phone: "+79123456789",
  phoneExtension: null,
  isPaid: true,
  paidAt: null,
  registeredAt: new Date("2025-03-01T10:30:00Z"),
  utm: { utm_source: "vk", utm_term: "курс; утро" },
  answers: {},
};
