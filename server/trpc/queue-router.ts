import { z } from "zod";
import { resendMany } from "../queue/resend";
import { adminProcedure, router } from "./init";
import { askedUserId } from "./schemas";

export const queueRouter = router({
  resend: adminProcedure
    .meta({ scope: "registrations" })
    .input(z.strictObject({ userIds: z.union([z.array(askedUserId).min(1).max(1_000), z.literal("allFailed")]) }))
    .output(z.object({ resent: z.int() }))
    .mutation(({ ctx, input }) => resendMany(ctx.services, { actor: ctx.actor, ...input })),
});
