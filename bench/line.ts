/** One measure, as a line of the table. */
export interface BenchLine {
  name: string;
  value: string;
  must: string;
  ok: boolean;
  /** The same measured on the usual way: the CRM called step by step inside the request. */
  usual?: string;
}

/** What a share of the values does not exceed, 0.95 for the p95. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const inMs = (ms: number): string => `${ms.toLocaleString("en", { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`;
