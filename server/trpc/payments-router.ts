import { z } from "zod";
import { paymentHistory, setPaidMany, undoPayment } from "../payments/payments";
import { toldToCaller } from "../users/for-program";
import { adminProcedure, confirmedProcedure, readProcedure, router } from "./init";
import { actor, askedId, askedUserId, id, instant, user } from "./schemas";

const change = z.object({ id, isPaid: z.boolean(), actor, origin: z.string(), createdAt: instant });

export const paymentsRouter = router({
  history: readProcedure
    .input(z.strictObject({ userId: askedUserId, before: id.optional(), limit: z.int().min(1).max(200).optional() }))
    .output(z.array(change))
    .query(({ ctx, input: { userId, ...page } }) => paymentHistory(ctx.services, userId, page)),

  undo: adminProcedure
    .meta({ scope: "payments" })
    .input(z.strictObject({ changeId: askedId }))
    .output(user)
    .mutation(async ({ ctx: { services, actor }, input }) =>
      toldToCaller(services, actor, await undoPayment(services, { actor, ...input })),
    ),

  setMany: confirmedProcedure
    .meta({ scope: "payments" })
    .input(z.strictObject({ userIds: z.array(askedUserId).min(1).max(1_000), isPaid: z.boolean() }))
    .output(z.object({ changed: z.int() }))
    .mutation(({ ctx, input }) => setPaidMany(ctx.services, { actor: ctx.actor, ...input })),
});
