import { zoneOf } from "./columns";
import { plainHeader } from "./plain-header";
import { refusedColumns } from "./refused-columns";
import { targetOf } from "./suggest-columns";

/** Whether this site has written the list, as an export or as refused lines: only then are there guards within cells. */
export function isOwnList(header: readonly string[]): boolean {
  const isZoned = (target: "registeredAt" | "paidAt") =>
    header.some((cell) => targetOf(cell) === target && zoneOf(cell) !== null);
  const isExport =
    header.some((cell) => ["bitrix24", "битрикс24"].includes(plainHeader(cell))) &&
    isZoned("registeredAt") &&
    isZoned("paidAt");
  return isExport || refusedColumns.every((name) => header.includes(name));
}
