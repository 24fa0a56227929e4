import { statisticsTexts } from "~/features/statistics/texts";
import { formatBucket, formatDay, formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import type { StatisticsChart as Chart } from "~server/statistics/chart";
import type { Statistics } from "~server/statistics/statistics";

/** Room for the days below the ground line. */
const labelHeight = 28;
const mostLabels = 5;

/** The server's drawing with its words. Across everything is in per cent, so the text keeps its size on a phone. */
export function StatisticsChart({ statistics, chart }: { statistics: Statistics; chart: Chart }) {
  const m = useTexts(statisticsTexts);
  const locale = useLocale();
  const { series, span, totals } = statistics;
  const [from, to] = [formatDay(locale, span.from), formatDay(locale, span.to)];
  const label = (start: string) => formatBucket(locale, start, span.bucket);
  return (
    <figure className="grid gap-3">
      <figcaption className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <span className="inline-flex items-center gap-2">
          <Key className="fill-accent" />
          {m.registrations}
        </span>
        <span className="inline-flex items-center gap-2">
          <Key className="fill-wait" />
          {m.payments}
        </span>
      </figcaption>
      <svg
        role="img"
        aria-label={m.chartSummary(totals.registrations, totals.payments, from, to)}
        width="100%"
        height={chart.height + labelHeight}
        className="overflow-visible"
      >
        {chart.ticks.map(({ value, y }) => (
          <g key={value}>
            <line x1="0" x2="100%" y1={y} y2={y} className={value === 0 ? "stroke-edge" : "stroke-line"} />
            {value === 0 ? null : (
              <text x="0" y={y - 4} className="fill-ink-soft text-xs tabular-nums">
                {formatNumber(locale, value)}
              </text>
            )}
          </g>
        ))}
        {chart.bars.map((bar, index) => {
          const { start = "", registrations = 0, payments = 0 } = series[index] ?? {};
          return (
            <g key={start}>
              <title>{m.bar(label(start), registrations, payments)}</title>
              <rect x={`${bar.x}%`} width={`${bar.width}%`} y="0" height={chart.height} className="fill-transparent" />
              <rect x={`${bar.x}%`} width={`${bar.width}%`} y={bar.y} height={bar.height} className="fill-accent" />
            </g>
          );
        })}
        <Payments chart={chart} />
        {labelled(series.length).map((index, place, all) => (
          <text
            key={index}
            x={`${anchorOf(chart, index, place, all.length).x}%`}
            y={chart.height + labelHeight - 8}
            textAnchor={anchorOf(chart, index, place, all.length).anchor}
            className={`fill-ink-soft text-xs ${place % 2 === 1 && all.length > 3 ? "hidden sm:inline" : ""}`}
          >
            {label(series[index]?.start ?? "")}
          </text>
        ))}
      </svg>
    </figure>
  );
}

/** Stretched across with its box, but not the breadth of its stroke; the points are round by themselves. */
function Payments({ chart }: { chart: Chart }) {
  return (
    <g className="pointer-events-none">
      <svg
        aria-hidden="true"
        width="100%"
        height={chart.height}
        viewBox={`0 0 100 ${chart.height}`}
        preserveAspectRatio="none"
        className="overflow-visible"
      >
        {/* With a rim of paper, since it runs over the bars. */}
        {(["stroke-surface", "stroke-wait"] as const).map((stroke) => (
          <path
            key={stroke}
            d={chart.payments}
            vectorEffect="non-scaling-stroke"
            strokeWidth={stroke === "stroke-surface" ? 6 : 2.5}
            strokeLinejoin="round"
            className={`fill-none ${stroke}`}
          />
        ))}
      </svg>
      {chart.points.length <= 31
        ? chart.points.map(({ x, y }) => <circle key={x} cx={`${x}%`} cy={y} r="3.5" className="fill-wait" />)
        : null}
    </g>
  );
}

const Key = ({ className }: { className: string }) => (
  <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3">
    <rect width="12" height="12" rx="2" className={className} />
  </svg>
);

/** A few places, evenly spread, the first and the last among them. */
function labelled(count: number): number[] {
  const labels = Math.min(mostLabels, count);
  if (labels < 2) return count > 0 ? [0] : [];
  return Array.from({ length: labels }, (_, place) => Math.round((place * (count - 1)) / (labels - 1)));
}

/** The outermost labels stay inside the picture. */
function anchorOf({ bars }: Chart, index: number, place: number, count: number) {
  const bar = bars[index];
  if (!bar || count === 1 || (place > 0 && place < count - 1))
    return { x: bar?.center ?? 0, anchor: "middle" } as const;
  return place === 0 ? ({ x: bar.x, anchor: "start" } as const) : ({ x: bar.x + bar.width, anchor: "end" } as const);
}
