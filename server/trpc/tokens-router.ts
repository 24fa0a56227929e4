import { z } from "zod";
import { listApiTokens, revokeApiToken } from "../auth/api-tokens";
import { issueApiToken } from "../auth/issue-token";
import { tokenDays, tokenScopes } from "../auth/token-scopes";
import { adminProcedure, confirmedProcedure, readProcedure, router } from "./init";
import { askedId, id, instant } from "./schemas";

const scope = z.enum(tokenScopes);

const token = z.object({
  id,
  name: z.string(),
  userId: id,
  createdAt: instant,
  expiresAt: instant,
  scopes: z.array(scope),
  lastUsedAt: instant.nullable(),
  lastUsedAddress: z.string().nullable(),
  revokedAt: instant.nullable(),
});

export const tokensRouter = router({
  list: readProcedure.output(z.array(token)).query(({ ctx }) => listApiTokens(ctx.services)),

  create: confirmedProcedure
    .input(
      z.strictObject({
        name: z
          .string()
          .trim()
          .min(1)
          .max(100)
          .regex(/^\P{Cc}+$/u),
        scopes: z.array(scope).min(1).optional(),
        days: z.int().min(1).max(tokenDays.most).optional(),
      }),
    )
    .output(token.extend({ token: z.string() }))
    .mutation(({ ctx, input }) => issueApiToken(ctx.services, { actor: ctx.actor, ...input })),

  revoke: adminProcedure
    .input(z.strictObject({ id: askedId }))
    .output(z.void())
    .mutation(({ ctx, input }) => revokeApiToken(ctx.services, { actor: ctx.actor, ...input })),
});
