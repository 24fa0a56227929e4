import { z } from "zod";
import type { Services } from "../services";

/** A method and how much of the portal's execution time we have used for it. */
export interface ApiUsageView {
  method: string;
  seconds: number;
  resetsAt: string;
}

const stored = z.record(z.string(), z.object({ operating: z.number(), resetAt: z.number() })).catch({});

/**
 * The methods nearest to the portal's limit of execution time, nearest first. The rate limiter stores a method only
 * after half of its allowance is used; values that have expired since are ignored.
 */
export async function readApiUsage({ db }: Pick<Services, "db">): Promise<ApiUsageView[]> {
  const row = await db.crmPortal.findUniqueOrThrow({ where: { id: 1 }, select: { operating: true } });
  return Object.entries(stored.parse(row.operating))
    .filter(([, { resetAt }]) => resetAt * 1_000 > Date.now())
    .map(([method, { operating, resetAt }]) => ({
      method,
      seconds: Math.round(operating),
      resetsAt: new Date(resetAt * 1_000).toISOString(),
    }))
    .sort((a, b) => b.seconds - a.seconds);
}
