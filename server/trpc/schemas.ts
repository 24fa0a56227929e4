import { z } from "zod";
import { eachPersonField, type PersonFieldName, type personFields } from "../person/fields";
import { maxId } from "../platform/ids";

/**
 * Shapes that several procedures share. Inputs are strict, so that a misspelt field is reported and not ignored;
 * outputs let through exactly what is declared here, whatever a service returns beside it.
 */

export const id = z.int().min(1).max(maxId);

export const userId = id.meta({ description: "The user's number", examples: [7] });

/**
 * An id that a program asks for. A number that no row can have is well-formed and names nothing, like any other unknown
 * one: it becomes 0, which the database gives to no row and would not take for an error.
 */
export const askedId = z
  .int()
  .min(1)
  .transform((value) => (value > maxId ? 0 : value));

export const askedUserId = askedId.meta({ description: "The user's number", examples: [7] });

export const instant = z.iso.datetime().meta({ examples: ["2026-11-22T09:30:00.000Z"] });

const utm = z.record(z.string(), z.string());

const person = eachPersonField((_, { kind, required }) => {
  const value = kind === "phone" ? z.string().meta({ description: "E.164" }) : z.string();
  return required ? value : value.nullable();
}) as {
  [Name in PersonFieldName]: (typeof personFields)[Name]["required"] extends true
    ? z.ZodString
    : z.ZodNullable<z.ZodString>;
};

export const user = z
  .object({
    id: userId,
    ...person,
    isPaid: z.boolean(),
    paidAt: instant.nullable(),
    bitrix24ContactId: z.int().nullable(),
    bitrix24DealId: z.int().nullable(),
    crmState: z
      .enum(["pending", "synced", "failed"])
      .meta({ description: "failed: failed permanently, can be sent again" }),
    utm: z.object({ first: utm, last: utm }).meta({ description: "First and last touch" }),
    createdAt: instant,
    form: z
      .string()
      .nullable()
      .meta({
        description:
          "The form by which the person registered, as in /register/spring; null: the main form, or another way",
        examples: ["spring"],
      }),
    answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).meta({
      description: "Answers to the form's own questions by their keys, as texts; several choices as a list",
    }),
  } satisfies Record<PersonFieldName, z.ZodType> & Record<string, z.ZodType>)
  .meta({ id: "User" });

export const actor = z.object({
  kind: z.enum(["USER", "TOKEN", "BITRIX24", "SYSTEM"]),
  id: z.int().nullable(),
});
