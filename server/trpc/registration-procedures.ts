import { z } from "zod";
import { eachPersonField, type PersonFieldName, type personFields } from "../person/fields";
import { registerByProgram } from "../registration/register-by-program";
import { keyDays } from "../registration/registration-key";
import { adminProcedure } from "./init";
import { userId } from "./schemas";

/** Registering people from other programs: form builders, shops, chat bots. */

/** Shapes only; the form's own schema cleans and checks them, and says what is wrong in its codes. */
const person = eachPersonField((_, { required }) => (required ? z.string() : z.string().nullish())) as {
  [Name in PersonFieldName]: (typeof personFields)[Name]["required"] extends true
    ? z.ZodString
    : z.ZodOptional<z.ZodNullable<z.ZodString>>;
};

const touch = z.record(z.string(), z.string()).optional();

const registration = z.object({ userId, crmState: z.literal("pending") }).meta({ id: "Registration" });

export const createRegistration = adminProcedure
  .meta({
    scope: "register",
    openapi: {
      method: "POST",
      path: "/api/registrations",
      summary: "Register a person",
      description: `By the form's rules. Send an Idempotency-Key of your own for each person: the same request under the same key makes nobody else and no second deal, and answers the same, for ${keyDays} days. If the answer is lost, send the request again.`,
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
      password: z.string().optional().meta({ description: "Left out: the person sets one by mail" }),
      consent: z.union([z.literal(true), z.literal("on")]).meta({
        description: "That the person has agreed to the processing of these details",
      }),
      consents: z.record(z.string(), z.boolean()).optional().meta({
        description:
          "Further consents by their keys, as /admin/settings/consents names them; true where the person has agreed to the present text. Required ones must be true",
      }),
      locale: z.enum(["ru", "en"]).optional().meta({ description: "Language of mails to the person, ru if left out" }),
      utm: z.strictObject({ first: touch, last: touch }).optional().meta({
        description: "First and last touch: UTM tags, click ids, referrer, landing",
      }),
    }),
  )
  .output(registration)
  .mutation(({ ctx, input }) => registerByProgram(ctx.services, { actor: ctx.actor, key: ctx.idempotencyKey, input }));
