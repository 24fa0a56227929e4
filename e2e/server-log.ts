import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The empty file for what a server writes. It lies in the run's output folder: other runs in the same checkout have
 * servers of the same names.
 */
export function serverLog(name: string): string {
  const folder = process.env.E2E_OUTPUT;
  if (!folder) throw new Error("The global setup has not run.");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  writeFileSync(file, "");
  return file;
}
