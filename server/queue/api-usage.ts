import { z } from "zod";
import type { Services } from "../services";

/** A method and how much of the portal's server time we have used of it. */
export interface ApiUsageView {
  method: string;
  seconds: number;
  resetsAt: string;
}

const stored = z.record(z.string(), z.object({ operating: z.number(), resetAt: z.number() })).catch({});

/**
 * The methods that come near the portal's limit of execution time, the nearest first. The pace notes a method only
 * when half of its share is gone, and what was renewed since no longer counts.
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
