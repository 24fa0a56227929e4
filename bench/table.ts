import { availableParallelism, cpus, loadavg } from "node:os";
import type { BenchLine } from "./line";

/** The lines as one table, with the machine they were measured on: a number without it says little. */
export function printTable(lines: BenchLine[]): void {
  const [load = 0] = loadavg();
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, ` +
      `${availableParallelism()} cores, Node ${process.versions.node}, load ${load.toFixed(1)} at the end\n`,
  );
  const rows = lines.map(({ name, value, must, ok, usual = "" }) => [ok ? "ok" : "MISSED", name, value, must, usual]);
  const table = [["", "measure", "this product", "must reach", "the usual way"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const print = (row: string[]) => console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  for (const [index, row] of table.entries()) {
    print(row);
    if (index === 0) print(widths.map((width) => "─".repeat(width)));
  }
}
