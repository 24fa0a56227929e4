import type { Services } from "../services";
import { resolvePeriod, type StatisticsOf } from "./period";
import { countedCells, shownTags } from "./statistics";

/** US dollars, of the deals as they were sent. */
export interface Amounts {
  /** Of the registrations of the period. */
  all: number;
  /** Of those of them that are paid by now. */
  paid: number;
  /** Of the payments of the period, whenever the person registered. */
  revenue: number;
}

export interface NamedAmounts extends Amounts {
  /** Empty: the source is unknown. */
  source: string;
  /** Null: all campaigns of the source together. */
  campaign: string | null;
}

export interface AmountsView {
  totals: Amounts;
  sources: NamedAmounts[];
  campaigns: NamedAmounts[];
}

interface Row {
  source: string | null;
  campaign: string | null;
  all: number;
  paid: number;
  revenue: number;
}

/**
 * Amounts and revenue of a period by first touch, from the counts that the triggers keep; changes that are not rolled up
 * yet are included.
 */
export async function readAmounts(
  { db, env }: Pick<Services, "db" | "env">,
  { form = null, ...period }: StatisticsOf,
  now: Date = new Date(),
): Promise<AmountsView> {
  const span = resolvePeriod(period, now, env.TIME_ZONE);
  const counted = countedCells(span, form);
  const rows = await db.$queryRaw<Row[]>`
    select source, campaign, "all", paid, revenue from (
      select source, campaign, (sum(amount) / 100)::float8 as "all", (sum("paidAmount") / 100)::float8 as paid,
        (sum(revenue) / 100)::float8 as revenue,
        row_number() over (partition by grouping(source, campaign)
                           order by sum(revenue) desc, sum(amount) desc, source, campaign) as place
      from (
        select source, campaign, amount, "paidAmount", revenue from "DailyStatistic" where ${counted}
        union all
        select source, campaign, amount, "paidAmount", revenue from "StatisticDelta" where ${counted}
      ) as cell
      group by grouping sets ((), (source), (source, campaign))
      having grouping(source) = 1
        or ((sum(amount) <> 0 or sum(revenue) <> 0) and (grouping(campaign) = 1 or campaign <> ''))
    ) as ranked
    where place <= ${shownTags} order by place`;
  const [total] = rows.filter(({ source }) => source === null);
  const named = rows.flatMap(({ source, ...row }) => (source === null ? [] : [{ ...row, source }]));
  return {
    totals: { all: total?.all ?? 0, paid: total?.paid ?? 0, revenue: total?.revenue ?? 0 },
    sources: named.filter(({ campaign }) => campaign === null),
    campaigns: named.filter(({ campaign }) => campaign !== null),
  };
}
