import { z } from "zod";
import { siteQuestions } from "../forms/questions";
import { setPaid } from "../payments/payments";
import { AppError } from "../platform/errors";
import { createDealForUser } from "../queue/resend";
import { toldToCaller, userForCaller } from "../users/for-program";
import { viewForPerson } from "../users/users";
import { adminProcedure, userProcedure } from "./init";
import { askedId, askedUserId, user, userId } from "./schemas";

/**
 * createDeal, updatePayment and getUser. The other procedures with a REST endpoint are in list-procedures.ts and
 * registration-procedures.ts. Their `meta` goes into the OpenAPI document, which adds our own errors.
 */

const errorResponses = {};

const deal = z
  .object({
    userId,
    bitrix24ContactId: z.int(),
    bitrix24DealId: z.int(),
    created: z.boolean().meta({ description: "false: it was there already" }),
  })
  .meta({ id: "Deal" });

const pendingDeal = z.object({ userId, crmState: z.literal("pending") }).meta({ id: "PendingDeal" });

export const createDeal = adminProcedure
  .meta({
    scope: "registrations",
    openapi: {
      method: "POST",
      path: "/api/bitrix24/create-deal",
      summary: "Send a registration to Bitrix24 and wait for its deal",
      description:
        "Answers at once if the registration is in Bitrix24 already, or held. Otherwise queues it with high priority and waits up to 10 seconds.",
      tags: ["bitrix24"],
      errorResponses,
    },
  })
  .input(z.strictObject({ userId: askedUserId }))
  .output(z.union([deal, pendingDeal]))
  .mutation(({ ctx, input, signal }) => createDealForUser(ctx.services, { actor: ctx.actor, ...input, signal }));

export const updatePayment = adminProcedure
  .meta({
    scope: "payments",
    openapi: {
      method: "POST",
      path: "/api/users/update-payment",
      summary: "Mark a user paid or unpaid",
      description:
        "Changes nothing if the user is already marked this way. Of a person who has withdrawn the consent to the processing a token is answered without details: texts are empty.",
      tags: ["users"],
      errorResponses,
    },
  })
  .input(
    z.strictObject({
      userId: askedUserId,
      isPaid: z.boolean(),
      expected: z.strictObject({ isPaid: z.boolean(), changeId: askedId.nullable() }).optional().meta({
        description:
          "What the caller last saw: `isPaid`, and as `changeId` the id of the newest change (tRPC `payments.history`), null before the first. If the payment was changed since, nothing is written and 409 tells by whom.",
      }),
    }),
  )
  .output(user)
  .mutation(async ({ ctx: { services, actor, origin }, input }) =>
    toldToCaller(services, actor, await setPaid(services, { actor, origin, ...input })),
  );

export const getUser = userProcedure
  .meta({
    scope: "read",
    openapi: {
      method: "GET",
      path: "/api/users/{id}",
      summary: "A user, for administrators and the user",
      description:
        "The ids of the portal and answers to hidden questions are for administrators: to the user ids are null, and such answers are left out. Of a person who has withdrawn the consent to the processing a token is answered without details: texts are empty.",
      tags: ["users"],
      errorResponses,
    },
  })
  .input(z.strictObject({ id: askedUserId }))
  .output(user)
  .query(async ({ ctx, input }) => {
    const self = ctx.actor.kind === "USER" && ctx.actor.id === input.id;
    // Before the look-up: a stranger does not learn which numbers exist.
    if (ctx.actor.role !== "ADMIN" && !self) throw new AppError("FORBIDDEN");
    const found = await userForCaller(ctx.services, { actor: ctx.actor, id: input.id });
    return ctx.actor.role === "ADMIN" ? found : viewForPerson(found, siteQuestions(ctx.services.forms.all()));
  });
