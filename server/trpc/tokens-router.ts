import { z } from "zod";
import { createApiToken, listApiTokens, revokeApiToken } from "../auth/api-tokens";
import { adminProcedure, router } from "./init";
import { id, instant } from "./schemas";

const token = z.object({
  id,
  name: z.string(),
  userId: id,
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});

export const tokensRouter = router({
  list: adminProcedure.output(z.array(token)).query(({ ctx }) => listApiTokens(ctx.services)),

  create: adminProcedure
    .input(
      z.strictObject({
        name: z
          .string()
          .trim()
          .min(1)
          .max(100)
          .regex(/^\P{Cc}+$/u),
      }),
    )
    .output(token.extend({ token: z.string() }))
    .mutation(({ ctx, input }) => createApiToken(ctx.services, { actor: ctx.actor, ...input })),

  revoke: adminProcedure
    .input(z.strictObject({ id }))
    .output(z.void())
    .mutation(({ ctx, input }) => revokeApiToken(ctx.services, { actor: ctx.actor, ...input })),
});
