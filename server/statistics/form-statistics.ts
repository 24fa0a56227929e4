import { Prisma } from "../../prisma/generated/client";
import type { Services } from "../services";
import type { Amounts } from "./amounts";
import { type Period, resolvePeriod } from "./period";
import { countedCells } from "./statistics";

/** What a form has brought. People without a form count as the first one's. */
export interface FormStatistics {
  form: number;
  registrations: number;
  /** How many of these registrations are paid by now. */
  paid: number;
  amounts: Amounts;
}

/** Each form that has anything in the period, or at any time, the largest first; from the counts that the triggers keep. */
export async function readFormStatistics(
  { db, env }: Pick<Services, "db" | "env">,
  period: Period | null,
  now: Date = new Date(),
): Promise<FormStatistics[]> {
  const counted = period ? countedCells(resolvePeriod(period, now, env.TIME_ZONE), null) : Prisma.sql`true`;
  const rows = await db.$queryRaw<({ form: number; registrations: number; people: number } & Amounts)[]>`
    select "formId" as form, sum(registrations)::int as registrations, sum(paid)::int as people,
      (sum(amount) / 100)::float8 as "all", (sum("paidAmount") / 100)::float8 as paid, (sum(revenue) / 100)::float8 as revenue
    from (
      select "formId", registrations, paid, payments, amount, "paidAmount", revenue from "DailyStatistic" where ${counted}
      union all
      select "formId", registrations, paid, payments, amount, "paidAmount", revenue from "StatisticDelta" where ${counted}
    ) as cell
    group by 1 having sum(registrations) > 0 or sum(payments) > 0
    order by sum(registrations) desc, 1`;
  return rows.map(({ form, registrations, people, ...amounts }) => ({ form, registrations, paid: people, amounts }));
}
