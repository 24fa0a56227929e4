import { z } from "zod";
import type { Answers } from "../forms/answers";
import { personFieldNames, personFields, pickPerson, type StoredPerson } from "../person/fields";
import { personShape, withExtension } from "../person/schema";
import { cleanText, isBlank } from "../platform/clean-text";
import { cleanUtm } from "../platform/clean-utm";
import { cellText, firstOf, phoneText, plainCell, rounded } from "./cell";
import { type AnswerCellProblem, readAnswerCells } from "./cell-answers";
import { targets as allTargets, type Columns, type Field, isOwnTarget, type OwnField, type Target } from "./columns";
import { formNamed } from "./form-names";
import { saysSurnameFirst, splitFullName } from "./full-name";
import { isGarbled } from "./garbled";
import { isNoMoment, parseMoment } from "./moment";

/**
 * Why a line is not imported. `duplicate`: an earlier line has its e-mail; `registered`: the e-mail was registered before
 * the import.
 */
export type RowProblemCode =
  | AnswerCellProblem
  | "email"
  | "phone"
  | "no_links"
  | "rounded"
  | "paid"
  | "date"
  | "future"
  | "form"
  | "cells"
  | "duplicate"
  | "registered";

export interface RowProblem {
  /** Null: the whole line. */
  field: Field | null;
  code: RowProblemCode;
}

const yes = /^(да|оплачен[оа]?|истина|yes|y|true|paid|1|\+|✓|✔)$/i;
const no = /^(нет|не ?оплачен[оа]?|ложь|no|n|false|unpaid|not paid|0|\p{Pd}|−)$/iu;

/** Null if the list does not say. */
const paid = z.string().transform((value, ctx) => {
  const word = plainCell(value);
  if (yes.test(word)) return true;
  if (no.test(word)) return false;
  if (!isBlank(word)) ctx.addIssue({ code: "custom", message: "paid" });
  return null;
});

/** If the zone was chosen wrongly, times may lie in the future by as much as zones differ. */
const aheadMs = 14 * 3_600_000;

/** Cleaned as on other ways in, so that a campaign counts as one. U+FFFD stands for letters that the file has lost. */
const utmTag = z
  .string()
  .refine((value) => !value.includes("\ufffd"), "characters")
  .transform(cleanUtm);

/**
 * The rules of a registration, plus the fields that only a list has. Times are parsed separately, by their column's
 * zone.
 */
const personSchema = z.object({
  ...personShape,
  paid,
  utm_source: utmTag,
  utm_medium: utmTag,
  utm_campaign: utmTag,
  utm_content: utmTag,
  utm_term: utmTag,
});

export interface ImportedPerson extends StoredPerson {
  isPaid: boolean;
  /** Null if the list does not say, and for people who have not paid. */
  paidAt: Date | null;
  /** Null if the list does not say. */
  registeredAt: Date | null;
  /** The non-empty ones. */
  utm: Partial<Record<Extract<OwnField, `utm_${string}`>, string>>;
  /** By the questions' keys. */
  answers: Answers;
  /** Left out: the first form. */
  formId?: number | undefined;
}

/** How a list is read: the meaning of its columns, and the zone of its times. */
export interface Reading {
  columns: Columns;
  zone: string;
}

/** The person of a record, or all its problems. */
export function parsePerson(cells: string[], { columns, zone }: Reading): ImportedPerson | RowProblem[] {
  // More cells than headers: an unquoted separator has shifted the following cells.
  if (cells.slice(columns.header.length).some((cell) => cell.trim() !== "")) return [{ field: null, code: "cells" }];
  const row = readCells(cells, columns);
  const problems: RowProblem[] = [];
  const refuse = (field: Field, code: RowProblemCode) => void problems.push({ field, code });

  const phone = phoneText(firstOf("phone", row.text("phone")));
  const input: Record<string, string> = Object.fromEntries(fields.map((field) => [field, row.text(field)] as const));
  Object.assign(input, namesOf(row, columns), {
    email: firstOf("email", row.text("email")),
    phone: phone === rounded ? row.text("phone") : phone,
  });

  const parsed = personSchema.safeParse(input);
  for (const { path, message } of parsed.error?.issues ?? [])
    refuse(path[0] as Field, path[0] === "phone" && phone === rounded ? "rounded" : (message as RowProblemCode));
  for (const name of personFieldNames)
    if (personFields[name].kind === "text" && isGarbled(input[name] ?? "")) refuse(name, "garbled");
  const moment = (field: "paidAt" | "registeredAt"): Date | null => {
    const text = plainCell(row.text(field));
    if (isBlank(text) || isNoMoment(text)) return null;
    const found = parseMoment(text, columns.zones[row.place(field)] ?? zone);
    const now = Date.now();
    if (!found || found.getTime() > now + aheadMs) {
      refuse(field, found ? "future" : "date");
      return null;
    }
    return new Date(Math.min(found.getTime(), now));
  };
  const [paidAt, registeredAt] = [moment("paidAt"), moment("registeredAt")];
  const formText = plainCell(row.text("form"));
  const form = isBlank(formText) ? undefined : formNamed(columns.forms ?? [], formText);
  if (!isBlank(formText) && !form) refuse("form", "form");
  const given = readAnswerCells(columns, row.text);
  for (const { field, code } of given.problems) refuse(field, code);
  if (!parsed.success || problems.length > 0) return problems.sort((a, b) => order(a) - order(b));

  // A day of payment means paid if the column for it is missing or empty.
  const isPaid = parsed.data.paid ?? paidAt !== null;
  const utm = Object.fromEntries(
    Object.entries(parsed.data).filter(([name, value]) => name.startsWith("utm_") && value !== ""),
  );
  return {
    ...pickPerson(withExtension(parsed.data)),
    isPaid,
    paidAt: isPaid ? paidAt : null,
    registeredAt,
    utm,
    answers: given.answers,
    ...(form && form.slug !== null ? { formId: form.id } : {}),
  };
}

const fields = Object.keys(personSchema.shape) as OwnField[];
/** Answers last, in the order of their questions. */
const order = ({ field }: RowProblem): number =>
  field === null ? 0 : isOwnTarget(field) ? allTargets.indexOf(field) : allTargets.length;

type Cells = ReturnType<typeof readCells>;

/** Of several columns with the same meaning, the first non-empty one. */
function readCells(cells: string[], { targets }: Columns) {
  const filled = (target: Target, isFilled: (text: string) => boolean): number =>
    targets.findIndex((found, column) => found === target && isFilled(cellText(cells[column] ?? "").trim()));
  // A dash counts as empty, unless all the columns hold nothing else.
  const place = (target: Target): number => {
    const first = filled(target, (text) => !isBlank(cleanText(text)));
    return first >= 0 ? first : filled(target, (text) => text !== "");
  };
  return { place, text: (target: Target) => cellText(cells[place(target)] ?? "").trim() };
}

/** Splits a full name; columns for its parts take precedence. */
function namesOf(row: Cells, { header }: Columns): { firstName: string; lastName: string } {
  const [firstName, lastName, full] = [row.text("firstName"), row.text("lastName"), row.text("fullName")];
  if (firstName !== "" || full === "") return { firstName, lastName };
  if (lastName !== "") {
    const rest = full.split(/\s+/).filter((word) => word.toLowerCase() !== lastName.toLowerCase());
    return { firstName: rest.join(" ") || full, lastName };
  }
  const split = splitFullName(full, saysSurnameFirst(header[row.place("fullName")] ?? ""));
  return { firstName: split.firstName, lastName: split.lastName ?? "" };
}
