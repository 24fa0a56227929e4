import { stringify } from "csv-stringify/sync";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { AppError } from "../platform/errors";
import { clockTime } from "../platform/time-zone";
import type { Services } from "../services";

interface Row {
  id: number;
  userId: number;
  clickId: string;
  isClick: boolean;
  paidAt: Date;
  cents: bigint | null;
  export: { name: string };
}

interface Made {
  at: Date;
  zone: string;
}

type Columns = Record<string, (row: Row, made: Made) => string>;

const amount = ({ cents }: Row): string => (cents === null ? "" : (Number(cents) / 100).toFixed(2));
const currency = ({ cents }: Row): string => (cents === null ? "" : "USD");
/** By it Google takes a conversion back. One that is paid again later gets another: a retracted one cannot come back. */
const orderId = ({ id, userId }: Row): string => `${userId}-${id}`;

/**
 * The files as the systems document them. Yandex Metrica has none for taking back: its documentation names no way to
 * remove an offline conversion.
 */
const formats: Record<string, Columns | undefined> = {
  "yandex add": {
    Yclid: ({ clickId, isClick }) => (isClick ? clickId : ""),
    ClientId: ({ clickId, isClick }) => (isClick ? "" : clickId),
    Target: (row) => row.export.name,
    DateTime: ({ paidAt }) => String(Math.floor(paidAt.getTime() / 1000)),
    Price: amount,
    Currency: currency,
  },
  "google add": {
    "Google Click ID": ({ clickId }) => clickId,
    "Conversion Name": (row) => row.export.name,
    "Conversion Time": ({ paidAt }, { zone }) => zonedTime(zone, paidAt),
    "Conversion Value": amount,
    "Conversion Currency": currency,
    "Order ID": orderId,
  },
  "google retract": {
    "Order ID": orderId,
    "Conversion Name": (row) => row.export.name,
    "Adjustment Time": (_row, { at, zone }) => zonedTime(zone, at),
    "Adjustment Type": () => "RETRACT",
  },
};

/** One of them says whose visit it was; a file has the one that its rows fill. */
const idColumns = new Set(["Yclid", "ClientId"]);

/** Whether the system takes a file of this kind. */
export const hasFile = ({ system, kind }: { system: string; kind: string }): boolean =>
  formats[`${system} ${kind}`] !== undefined;

/** The file of an export, the same at every download. Throws NOT_FOUND. */
export async function conversionFile(
  { db, env }: Pick<Services, "db" | "env">,
  { actor, id }: { actor: Actor; id: number },
): Promise<{ name: string; text: string }> {
  const made = await db.conversionExport.findUnique({ where: { id } });
  const columns = made && formats[`${made.system} ${made.kind}`];
  if (!made || !columns) throw new AppError("NOT_FOUND");
  const { system, kind, at } = made;
  const rows = await db.conversion.findMany({
    where: kind === "add" ? { exportId: id } : { retractId: id },
    orderBy: { id: "asc" },
    include: { export: { select: { name: true } } },
  });
  await audit(db, {
    actor,
    action: "conversions.download",
    details: { id, system, kind, count: rows.length },
  });
  const cellsOf = (cell: Columns[string]) => rows.map((row) => cell(row, { at, zone: env.TIME_ZONE }));
  const filled = Object.entries(columns)
    .map(([header, cell]) => ({ header, cells: cellsOf(cell) }))
    .filter(({ header, cells }) => !idColumns.has(header) || cells.some(Boolean));
  const lines = rows.map((_, place) => filled.map(({ cells }) => cells[place]));
  return { name: `${system}-${kind}-${id}.csv`, text: stringify([filled.map(({ header }) => header), ...lines]) };
}

/** `2026-11-26 15:04:05+03:00`: the clock of the zone, and how far it is from UTC. */
export function zonedTime(zone: string, at: Date): string {
  const clock = clockTime(zone, at);
  const minutes = Math.round((Date.parse(`${clock.replace(" ", "T")}Z`) - at.getTime()) / 60_000);
  const size = Math.abs(minutes);
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${clock}${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
