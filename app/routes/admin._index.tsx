import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { Alert } from "~/components/ui/alert";
import { Card, CardStub } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { CheckAge } from "~/features/connection-check/check-age";
import { UnpricedAlert } from "~/features/connection-check/unpriced-alert";
import { QueueNumbers, QueueState } from "~/features/queue/queue-state";
import { queueTexts } from "~/features/queue/texts";
import { TagAmounts } from "~/features/statistics/amount-table";
import { StatisticsChart } from "~/features/statistics/chart";
import { FormShares } from "~/features/statistics/form-shares";
import { FreshnessBadge } from "~/features/statistics/freshness-badge";
import { PeriodPicker } from "~/features/statistics/period-picker";
import { ShareCard } from "~/features/statistics/share-card";
import { StatisticsTable } from "~/features/statistics/table";
import { statisticsTexts } from "~/features/statistics/texts";
import { useSteadyPoll } from "~/hooks/use-poll";
import { formatDay, formatNumber, formatShare } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import { useTimeZone } from "~/i18n/zone";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { readVerdict } from "~server/connection-check/kept-check";
import { formName } from "~server/forms/form-name";
import { unpricedProducts } from "~server/forms/unpriced";
import { parseId } from "~server/platform/ids";
import { parsePeriod } from "~server/statistics/period";
import { sharedAmounts, sharedFormStatistics, sharedStatistics } from "~server/statistics/shared-statistics";
import type { Statistics } from "~server/statistics/statistics";
import { readQueue } from "~server/worker/queue-view";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { searchParams } = new URL(args.request.url);
  const { period, problem, typed } = parsePeriod(searchParams);
  const { services } = args.context;
  const forms = services.forms.all().map((form) => ({ id: form.id, name: formName(form) }));
  const form = readForm(searchParams, forms);
  const [{ statistics, chart }, amounts, ofForms, queue, check] = await Promise.all([
    sharedStatistics(services, { ...period, form }),
    sharedAmounts(services, { ...period, form }),
    forms.length > 1 && form === null ? sharedFormStatistics(services, period) : [],
    readQueue(services),
    readVerdict(services),
  ]);
  const unpriced = unpricedProducts(services);
  return { period, problem, typed, form, forms, statistics, chart, amounts, ofForms, queue, check, unpriced };
}

/** The form whose statistics are meant; null: all of them. Numbers of another form than the named one would mislead. */
function readForm(params: URLSearchParams, forms: { id: number }[]): number | null {
  const text = params.get("form");
  if (!text) return null;
  const id = parseId(text);
  if (!forms.some((form) => form.id === id)) throw data(null, { status: 404 });
  return id;
}

export const meta = pageMeta(statisticsTexts, (m) => ({ title: m.title, description: m.description }));

export default function Admin() {
  const m = useTexts(statisticsTexts);
  const q = useTexts(queueTexts);
  const locale = useLocale();
  const loaded = useLoaderData<typeof loader>();
  const freshness = useSteadyPoll();
  const { statistics, chart, amounts, queue } = loaded;
  const { span } = statistics;
  return (
    <Page width="wide">
      <PageHeader title={m.title} actions={<FreshnessBadge freshness={freshness} />} />
      <UnpricedAlert products={loaded.unpriced} />
      {loaded.problem ? (
        <Alert tone="wait">
          {m.problems[loaded.problem]} {m.instead}
        </Alert>
      ) : null}
      <div className="grid gap-2">
        <PeriodPicker period={loaded.period} days={loaded.typed ?? span} form={loaded.form} forms={loaded.forms} />
        <p data-result className="text-sm text-ink-soft">
          {m.span(formatDay(locale, span.from), formatDay(locale, span.to))} · {m.zone(useTimeZone())}
        </p>
      </div>
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card>
          <Totals totals={statistics.totals} />
          <CardStub className="grid gap-4 p-4 sm:p-8">
            <h2 className="sr-only">{m.chart}</h2>
            {statistics.totals.registrations + statistics.totals.payments === 0 ? (
              <EmptyState title={m.nothing} isAnswer>
                {m.nothingText}
              </EmptyState>
            ) : (
              <>
                <StatisticsChart statistics={statistics} chart={chart} />
                <StatisticsTable statistics={statistics} />
              </>
            )}
          </CardStub>
        </Card>
        <Card className="grid gap-4 p-4 sm:p-8">
          <h2 className="text-lg font-semibold">{q.title}</h2>
          <QueueState queue={queue} />
          <QueueNumbers queue={queue} />
          <CheckAge check={loaded.check} />
          <p>
            <TextLink to="/admin/crm">{q.more}</TextLink>
          </p>
        </Card>
      </div>
      {loaded.ofForms.length > 0 ? (
        <FormShares rows={loaded.ofForms} forms={loaded.forms} totals={statistics.totals} />
      ) : null}
      {statistics.totals.registrations > 0 ? <SourcesAndCampaigns statistics={statistics} /> : null}
      {amounts.sources.length > 0 ? (
        <Card className="grid gap-6 p-4 sm:p-8">
          <div className="grid gap-1">
            <h2 className="text-lg font-semibold">{m.amounts.title}</h2>
            <p className="text-sm text-ink-soft">{m.amounts.lead}</p>
          </div>
          <TagAmounts caption={m.amounts.sources} heading={m.source} rows={amounts.sources} />
          {amounts.campaigns.length > 0 ? (
            <TagAmounts caption={m.amounts.campaigns} heading={m.campaign} rows={amounts.campaigns} />
          ) : null}
        </Card>
      ) : null}
      <p>
        <TextLink to="/admin/conversions">{m.conversions}</TextLink>
      </p>
    </Page>
  );
}

function Totals({ totals }: Pick<Statistics, "totals">) {
  const m = useTexts(statisticsTexts);
  const locale = useLocale();
  const all = formatNumber(locale, totals.registrations);
  return (
    <dl className="grid gap-6 p-4 sm:grid-cols-3 sm:p-8">
      <Total name={m.registrations} value={<span data-statistic="registrations">{all}</span>} />
      <Total
        name={m.paidShare}
        value={formatShare(locale, totals.paid, totals.registrations)}
        hint={m.paidOf(totals.paid, all)}
      />
      <Total
        name={m.payments}
        value={<span data-statistic="payments">{formatNumber(locale, totals.payments)}</span>}
        hint={m.paymentsHint}
      />
    </dl>
  );
}

function Total({ name, value, hint }: { name: string; value: ReactNode; hint?: string }) {
  return (
    <div className="grid content-start gap-1">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="text-2xl font-semibold tabular-nums">{value}</dd>
      {hint ? <dd className="text-xs text-ink-soft">{hint}</dd> : null}
    </div>
  );
}

function SourcesAndCampaigns({ statistics: { sources, campaigns, totals } }: { statistics: Statistics }) {
  const m = useTexts(statisticsTexts);
  return (
    <div className="grid items-start gap-8 lg:grid-cols-2">
      <ShareCard
        caption={m.sources}
        text={m.sourcesText}
        heading={m.source}
        rows={sources.map((row) => ({ ...row, key: row.name, name: row.name || m.noSource }))}
        totals={totals}
        complete
      />
      <ShareCard
        caption={m.campaigns}
        text={m.sourcesText}
        heading={m.campaign}
        rows={campaigns.map(({ source, ...row }) => ({
          ...row,
          key: JSON.stringify([source, row.name]),
          of: source || m.noSource,
        }))}
        totals={totals}
        complete={false}
        empty={m.noCampaigns}
      />
    </div>
  );
}
