import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Statistics } from "./statistics";

/**
 * The picture of the figures as numbers: registrations as bars, payments as a line over them. Across in per cent of
 * the width, so that it fits any screen, down in pixels. Drawn here, so that a browser needs no library for it.
 */
export interface StatisticsChart {
  height: number;
  bars: { x: number; width: number; y: number; height: number; center: number }[];
  /** A path for a box that is 100 wide. */
  payments: string;
  points: { x: number; y: number }[];
  ticks: { value: number; y: number }[];
}

const height = 200;
/** Room for the uppermost tick's number. */
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
    // People are whole: a scale to 1 has no use for 0.5.
    ticks: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: round(y(value)) })),
  };
}
