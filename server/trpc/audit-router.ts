import { z } from "zod";
import { listAudit } from "../audit/audit";
import { auditActions } from "../audit/audit-actions";
import { parseLogId } from "../platform/ids";
import { readProcedure, router } from "./init";
import { actor, askedId, instant } from "./schemas";

const entry = z.object({
  id: z.string(),
  at: instant,
  actor,
  action: z.string(),
  targetId: z.int().nullable(),
  details: z.record(z.string(), z.unknown()),
});

export const auditRouter = router({
  list: readProcedure
    .input(
      z.strictObject({
        actor: z.strictObject({ kind: actor.shape.kind, id: askedId.nullish() }).optional(),
        action: z.enum(auditActions).optional(),
        targetId: askedId.optional(),
        before: z
          .string()
          .refine((text) => parseLogId(text) !== null)
          .optional(),
        limit: z.int().min(1).max(200).optional(),
      }),
    )
    .output(z.object({ entries: z.array(entry), next: z.string().nullable() }))
    .query(({ ctx, input }) => listAudit(ctx.services, input)),
});
