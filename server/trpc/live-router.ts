import { z } from "zod";
import { watchOverview, watchQueue } from "../statistics/overview";
import { isPeriod, type Period } from "../statistics/period";
import { readProcedure, router } from "./init";

const period = z
  .union([z.strictObject({ days: z.int() }), z.strictObject({ from: z.string(), to: z.string() })])
  .refine(isPeriod)
  .transform((value) => value as Period);

/** A caller without a signal watches for ever. */
const never = new AbortController().signal;

/** What the administrators' pages watch, as server-sent events. */
export const liveRouter = router({
  overview: readProcedure
    .input(period)
    .subscription(({ ctx, input, signal }) => watchOverview(ctx.services, input, signal ?? never)),

  queue: readProcedure.subscription(({ ctx, signal }) => watchQueue(ctx.services, signal ?? never)),
});
