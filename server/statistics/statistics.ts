import { Prisma } from "../../prisma/generated/client";
import type { Services } from "../services";
import { bucketStart, bucketStarts, resolvePeriod, type Span, type StatisticsOf } from "./period";

/**
 * The source of registrations at their first touch, and how many of them have paid by now. An empty name: the source is
 * unknown.
 */
export interface Share {
  name: string;
  registrations: number;
  paid: number;
}

export interface CampaignShare extends Share {
  source: string;
}

export interface Statistics {
  span: Span;
  totals: {
    registrations: number;
    /** How many of these registrations are paid. */
    paid: number;
    /** Payments made in the span, whenever the person registered. */
    payments: number;
  };
  series: { start: string; registrations: number; payments: number }[];
  /** The ten largest. */
  sources: Share[];
  campaigns: CampaignShare[];
}

/** Sources and campaigns that a page of statistics names: the largest. */
export const shownTags = 10;
/** Limits one run, so that the notes of a long absence of the worker are rolled up in several runs. */
const rolledUpAtOnce = 100_000;

interface Row {
  days: { day: string; registrations: number; paid: number; payments: number }[] | null;
  sources: Share[] | null;
  campaigns: CampaignShare[] | null;
}

/** The cells of both tables that a statistic is made of. */
export const countedCells = ({ from, to }: Span, form: number | null): Prisma.Sql =>
  Prisma.sql`day between ${from}::date and ${to}::date ${form === null ? Prisma.empty : Prisma.sql`and "formId" = ${form}`}`;

/**
 * Registrations and payments within a period. One statement, so that all numbers on the page belong to the same moment,
 * and one pass for days and UTM tags. Both tables are read, so changes that are not rolled up yet are included.
 */
export async function readStatistics(
  { db, env }: Pick<Services, "db" | "env">,
  { form = null, ...period }: StatisticsOf,
  now: Date = new Date(),
): Promise<Statistics> {
  const span = resolvePeriod(period, now, env.TIME_ZONE);
  const counted = countedCells(span, form);
  const [row] = await db.$queryRaw<Row[]>`
    with part as materialized (
      select day, source, campaign,
        sum(registrations)::int as registrations, sum(paid)::int as paid, sum(payments)::int as payments
      from (
        select day, source, campaign, registrations, paid, payments from "DailyStatistic" where ${counted}
        union all
        select day, source, campaign, registrations, paid, payments from "StatisticDelta" where ${counted}
      ) as cell
      group by grouping sets ((day), (source, campaign))
    )
    select
      (select json_agg(d) from (
        select day, registrations, paid, payments from part where day is not null) d) as days,
      (select json_agg(s) from (
        select source as name, sum(registrations)::int as registrations, sum(paid)::int as paid
        from part where day is null
        group by 1 having sum(registrations) > 0 order by 2 desc, 1 limit ${shownTags}) s) as sources,
      (select json_agg(c) from (
        select source, campaign as name, registrations, paid
        from part where day is null and registrations > 0 and campaign <> ''
        order by 3 desc, 1, 2 limit ${shownTags}) c) as campaigns`;
  const days = row?.days ?? [];
  return {
    span,
    totals: {
      registrations: sum(days, "registrations"),
      paid: sum(days, "paid"),
      payments: sum(days, "payments"),
    },
    series: toSeries(days, span),
    sources: row?.sources ?? [],
    campaigns: row?.campaigns ?? [],
  };
}

type Day = NonNullable<Row["days"]>[number];

const sum = (days: Day[], key: "registrations" | "paid" | "payments"): number =>
  days.reduce((total, day) => total + day[key], 0);

function toSeries(days: Day[], span: Span): Statistics["series"] {
  const buckets = new Map(bucketStarts(span).map((start) => [start, { start, registrations: 0, payments: 0 }]));
  for (const { day, registrations, payments } of days) {
    const bucket = buckets.get(bucketStart(day, span.bucket));
    if (!bucket) continue;
    bucket.registrations += registrations;
    bucket.payments += payments;
  }
  return [...buckets.values()];
}

/**
 * Rolls the changes that the triggers noted up into the counts, and returns their number. In one statement: a reader
 * sees a change in exactly one of the two tables. Concurrent runs take different changes.
 */
export async function rollUpStatistics({ db }: Pick<Services, "db">): Promise<number> {
  const [row] = await db.$queryRaw<{ rolledUp: number }[]>`
    with note as (
      delete from "StatisticDelta" where id in (
        select id from "StatisticDelta" order by id limit ${rolledUpAtOnce} for update skip locked)
      returning day, source, campaign, "formId", registrations, paid, payments, amount, "paidAmount", revenue
    ), counted as (
      insert into "DailyStatistic" as f (day, source, campaign, "formId", registrations, paid, payments,
        amount, "paidAmount", revenue)
      select day, source, campaign, "formId", sum(registrations), sum(paid), sum(payments),
        sum(amount), sum("paidAmount"), sum(revenue)
      from note group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (day, source, campaign, "formId") do update set
        registrations = f.registrations + excluded.registrations,
        paid = f.paid + excluded.paid,
        payments = f.payments + excluded.payments,
        amount = f.amount + excluded.amount,
        "paidAmount" = f."paidAmount" + excluded."paidAmount",
        revenue = f.revenue + excluded.revenue
    )
    select count(*)::int as "rolledUp" from note`;
  return row?.rolledUp ?? 0;
}
