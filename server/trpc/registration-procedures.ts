import { z } from "zod";
import { eachPersonField, type PersonFieldName, type personFields } from "../person/fields";
import { AppError } from "../platform/errors";
import { keyDays } from "../registration/key-days";
import { registerByProgram } from "../registration/register-by-program";
import { adminProcedure } from "./init";
import { userId } from "./schemas";

/** Registering people from other programs: form builders, shops, chat bots. */

/** Shapes only; the form's own schema cleans and checks them, and says what is wrong in its codes. */
const person = eachPersonField((_, { required }) => (required ? z.string() : z.string().nullish())) as {
  [Name in PersonFieldName]: (typeof personFields)[Name]["required"] extends true
    ? z.ZodString
    : z.ZodOptional<z.ZodNullable<z.ZodString>>;
};

const answer = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

const touch = z.record(z.string(), z.string()).optional();

const registration = z.object({ userId, crmState: z.literal("pending") }).meta({ id: "Registration" });

export const createRegistration = adminProcedure
  .meta({
    scope: "register",
    openapi: {
      method: "POST",
      path: "/api/registrations",
      summary: "Register a person",
      description: `By the form's rules. Send an Idempotency-Key of your own for each person: the same request under the same key creates no second person and no second deal, and gets the same answer, for ${keyDays} days. If the answer is lost, send the request again.`,
      tags: ["registrations"],
      requestHeaders: z.object({
        "Idempotency-Key": z
          .string()
          .meta({ description: "Up to 255 visible ASCII characters, such as a UUID, with or without quotes" }),
      }),
      errorResponses: {},
    },
  })
  .input(
    z.strictObject({
      ...person,
      password: z.string().optional().meta({ description: "Left out: the person sets one by e-mail" }),
      consent: z.union([z.literal(true), z.literal("on")]).meta({
        description: "That the person has agreed to the processing of these details",
      }),
      consents: z.record(z.string(), z.boolean()).optional().meta({
        description:
          "Further consents by their keys, as /admin/settings/consents names them; true where the person has agreed to the present text. Required ones must be true",
      }),
      locale: z
        .enum(["ru", "en"])
        .optional()
        .meta({ description: "Language of e-mails to the person, ru if left out" }),
      form: z.string().max(100).nullish().meta({
        description: "The form's own part of its address, as in /register/spring; the main form if left out",
      }),
      answers: z
        .record(z.string(), answer)
        .nullish()
        .meta({
          description:
            "Answers to the form's own questions by their keys: a number as a number or a text, a date as 2026-11-26, yes " +
            "or no as true or false, one option's value as a text, several as a list. Questions that are mandatory on the form are optional here.",
        }),
      utm: z.strictObject({ first: touch, last: touch }).optional().meta({
        description: "First and last touch: UTM tags, click ids, referrer, landing",
      }),
    }),
  )
  .output(registration)
  .mutation(({ ctx, input }) => {
    // Of two people under one key the second would be refused as another body of the first, and be dropped by its program.
    if (ctx.isKeyShared)
      throw new AppError("INVALID", {
        details: { issues: [{ path: ["Idempotency-Key"], code: "one_key_for_several", params: {} }] },
      });
    return registerByProgram(ctx.services, { actor: ctx.actor, key: ctx.idempotencyKey, input });
  });
