import { statisticsTexts } from "~/features/statistics/texts";
import { formatBucket, formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import type { Statistics } from "~server/statistics/statistics";

/** The chart's numbers as a table, for people who cannot see the chart or want to copy the numbers. */
export function StatisticsTable({ statistics: { series, span } }: { statistics: Statistics }) {
  const m = useTexts(statisticsTexts);
  const locale = useLocale();
  return (
    <details className="text-sm">
      <summary className="w-fit text-accent underline decoration-1 underline-offset-4">{m.asTable}</summary>
      <table className="mt-3 w-full max-w-text text-left">
        <caption className="sr-only">{m.chart}</caption>
        <thead>
          <tr className="border-b border-edge">
            <th scope="col" className="py-2 pr-4 font-medium">
              {m.buckets[span.bucket]}
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-medium">
              {m.registrations}
            </th>
            <th scope="col" className="py-2 text-right font-medium">
              {m.payments}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {series.map(({ start, registrations, payments }) => (
            <tr key={start}>
              <th scope="row" className="py-1.5 pr-4 font-normal">
                {formatBucket(locale, start, span.bucket)}
              </th>
              <td className="py-1.5 pr-4 text-right tabular-nums">{formatNumber(locale, registrations)}</td>
              <td className="py-1.5 text-right tabular-nums">{formatNumber(locale, payments)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
