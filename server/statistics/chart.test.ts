import { expect, test } from "vitest";
import { drawStatistics } from "./chart";

const bar = (day: number, registrations: number, payments: number) => ({
  start: `2026-06-${String(day).padStart(2, "0")}`,
  registrations,
  payments,
});

test("bars stand on the ground, as high as their share of the scale", () => {
  const { bars, height, ticks } = drawStatistics({ series: [bar(1, 0, 0), bar(2, 50, 10), bar(3, 100, 20)] });
  const top = ticks.at(-1)?.y ?? 0;
  expect(bars.map((each) => each.y + each.height)).toEqual([height, height, height]);
  expect(bars.map((each) => each.height)).toEqual([0, (height - top) / 2, height - top]);
});

test("bars follow one another inside the width", () => {
  const { bars } = drawStatistics({ series: Array.from({ length: 28 }, (_, index) => bar(index + 1, 1, 0)) });
  expect(bars[0]?.x).toBe(0);
  for (const [index, each] of bars.entries()) expect(each.x).toBeGreaterThan((bars[index - 1]?.x ?? -1) + 0.5);
  const last = bars.at(-1);
  expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(100, 0);
});

test("the line goes over the middles of the bars", () => {
  const { points, bars, payments } = drawStatistics({ series: [bar(1, 1, 1), bar(2, 1, 0)] });
  expect(points.map(({ x }) => x)).toEqual(bars.map(({ center }) => center));
  expect(payments).toBe(`M${points[0]?.x},${points[0]?.y}L${points[1]?.x},${points[1]?.y}`);
});

test("without anything to show there is still a scale, of whole people", () => {
  const { ticks, bars } = drawStatistics({ series: [bar(1, 0, 0)] });
  expect(ticks.map(({ value }) => value)).toEqual([0, 1]);
  expect(bars).toEqual([expect.objectContaining({ x: 0, width: 100, height: 0 })]);
});
