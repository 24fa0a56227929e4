import { z } from "zod";
import { pickPerson, type StoredPerson } from "../person/fields";
import { personShape, withExtension } from "../person/schema";
import type { Columns, Field } from "./columns";
import { parseMoment } from "./moment";

/** Why a line is not imported. `double`: its e-mail stands further up; `registered`: it had registered before. */
export type RowProblemCode =
  | "required"
  | "invalid"
  | "too_long"
  | "characters"
  | "email"
  | "phone"
  | "paid"
  | "date"
  | "cells"
  | "double"
  | "registered";

export interface RowProblem {
  /** Null: the line as a whole. */
  field: Field | null;
  code: RowProblemCode;
}

const yes = /^(да|оплачен[оа]?|истина|yes|y|true|paid|1|\+|✓|✔)$/i;
const no = /^(нет|не ?оплачен[оа]?|ложь|no|n|false|unpaid|not paid|0|-|—)$/i;

/** Null where the list does not say. */
const paid = z.string().transform((value, ctx) => {
  const word = value.trim();
  if (word === "") return null;
  if (yes.test(word)) return true;
  if (!no.test(word)) ctx.addIssue({ code: "custom", message: "paid" });
  return false;
});

const past = z.string().transform((value, ctx) => {
  if (value.trim() === "") return null;
  const moment = parseMoment(value.trim());
  if (moment && moment <= new Date()) return moment;
  ctx.addIssue({ code: "custom", message: "date" });
  return z.NEVER;
});

const mark = z
  .string()
  .trim()
  .max(255, "too_long")
  .refine((value) => !/[\p{Cc}\p{Cs}\ufffd]/u.test(value), "characters");

/** The rules of the registration, and what only a list brings along. */
const record = z.object({
  ...personShape,
  paid,
  paidAt: past,
  registeredAt: past,
  utm_source: mark,
  utm_medium: mark,
  utm_campaign: mark,
  utm_content: mark,
  utm_term: mark,
});
const personSchema = record.transform(withExtension);

export interface ImportedPerson extends StoredPerson {
  isPaid: boolean;
  /** Null where the list does not say, and for those who have not paid. */
  paidAt: Date | null;
  /** Null where the list does not say. */
  registeredAt: Date | null;
  /** Those that are not empty. */
  utm: Partial<Record<Extract<Field, `utm_${string}`>, string>>;
}

/** The person of a record, or everything that is wrong with it. */
export function parsePerson(cells: string[], { positions, header }: Columns): ImportedPerson | RowProblem[] {
  // More cells than headers: a separator inside a cell has moved what follows it.
  if (cells.slice(header.length).some((cell) => cell.trim() !== "")) return [{ field: null, code: "cells" }];
  const cell = (field: Field) => unguarded(cells[positions.get(field) ?? -1] ?? "");
  const parsed = personSchema.safeParse(Object.fromEntries(fields.map((field) => [field, cell(field)])));
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({
      field: path[0] as Field,
      code: message as RowProblemCode,
    }));
  const { paid, paidAt, registeredAt } = parsed.data;
  // A day of payment says it too, where there is no word for it.
  const isPaid = paid ?? paidAt !== null;
  const utm = Object.fromEntries(
    Object.entries(parsed.data).filter(([name, value]) => name.startsWith("utm_") && value !== ""),
  );
  return { ...pickPerson(parsed.data), isPaid, paidAt: isPaid ? paidAt : null, registeredAt, utm };
}

const fields = Object.keys(record.shape) as Field[];

/** Without the apostrophe by which exports keep spreadsheets from taking "+7…" for a formula. */
const unguarded = (cell: string) => cell.replace(/^'(?=[=+\-@])/, "");
