import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Statistics } from "./statistics";

/**
 * The chart of the statistics as numbers: registrations as bars, payments as a line over them. Horizontal values are
 * per cent of the width, so that the chart fits any screen; vertical values are pixels. Computed here, so that the
 * browser needs no library.
 */
export interface StatisticsChart {
  height: number;
  bars: { x: number; width: number; y: number; height: number; center: number }[];
  /** An SVG path for a box with a width of 100. */
  payments: string;
  points: { x: number; y: number }[];
  ticks: { value: number; y: number }[];
}

const height = 200;
/** Space for the label of the uppermost tick. */
const top = 18;

const round = (value: number): number => Math.round(value * 100) / 100;

export function drawStatistics({ series }: Pick<Statistics, "series">): StatisticsChart {
  const x = scaleBand()
    .domain(series.map(({ start }) => start))
    .range([0, 100])
    .paddingInner(series.length > 1 ? 0.3 : 0);
  const most = Math.max(1, ...series.flatMap((bar) => [bar.registrations, bar.payments]));
  const y = scaleLinear().domain([0, most]).nice(4).range([height, top]);
  const width = round(x.bandwidth());
  const bars = series.map(({ start, registrations }) => {
    const left = x(start) ?? 0;
    const upper = round(y(registrations));
    return { x: round(left), width, y: upper, height: round(height - upper), center: round(left + x.bandwidth() / 2) };
  });
  const points = series.map(({ payments }, index) => ({ x: bars[index]?.center ?? 0, y: round(y(payments)) }));
  const path = line<(typeof points)[number]>()
    .x((point) => point.x)
    .y((point) => point.y);
  return {
    height,
    bars,
    payments: path(points) ?? "",
    points,
    // People are counted in whole numbers, so ticks such as 0.5 are removed.
    ticks: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: round(y(value)) })),
  };
}
