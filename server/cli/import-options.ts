import { parseArgs } from "node:util";
import { type Columns, chooseColumns, keyOfTarget, parseTarget, type Target, targets } from "../import/columns";
import { isTimeZone } from "../platform/time-zone";
import { columnName } from "./import-words";

export const usage = `Usage: npm run import -- FILE.csv [--dry-run] [--yes] [--timezone ZONE] [--map "COLUMN=FIELD" …]
  --dry-run   says what would happen and writes nothing
  --yes       imports without asking, also where something about the file was guessed
  --timezone  whose clock the times in the list are by, such as Europe/Moscow; else TIME_ZONE
  --map       says what a column is, by its name in the file or its number; without a field it is not used.
              Fields: ${targets.join(", ")}, and answer.KEY for the question with that key`;

export interface ImportOptions {
  path: string;
  dryRun: boolean;
  yes: boolean;
  zone: string | undefined;
  /** The meaning of columns, by name or number; null: not used. */
  map: [column: string, target: Target | null][];
}

/** Throws on what cannot be understood. */
export function parseOptions(args: string[]): ImportOptions {
  const { values, positionals } = parse(args);
  const [path, ...more] = positionals;
  if (!path) throw new Error("Say which list to import.");
  if (more.length > 0) throw new Error(`One list at a time: ${more.join(" ")} is too much.`);
  const { timezone: zone } = values;
  if (zone !== undefined && !isTimeZone(zone))
    throw new Error(`--timezone ${zone}: expected an IANA name, such as Europe/Moscow.`);
  const map: ImportOptions["map"] = [];
  for (const entry of values.map ?? []) {
    const [column = "", field = ""] = splitAtLast(entry, "=");
    const target = parseTarget(field.trim());
    if (column.trim() === "" || target === undefined) throw new Error(`--map ${entry}: expected "COLUMN=FIELD".`);
    map.push([column.trim(), target]);
  }
  return { path, dryRun: values["dry-run"] ?? false, yes: values.yes ?? false, zone, map };
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
      timezone: { type: "string" },
      map: { type: "string", multiple: true },
    },
  });

/** Split at the last sign: a column's name may contain it. */
function splitAtLast(text: string, sign: string): [string, string] | [] {
  const at = text.lastIndexOf(sign);
  return at < 0 ? [] : [text.slice(0, at), text.slice(at + 1)];
}

/** The suggested columns, overridden by the map. An error message if the map names a column that is missing. */
export function mapColumns(suggested: Columns, map: ImportOptions["map"]): Columns | string {
  const { header, questions, forms } = suggested;
  const chosen = [...suggested.targets];
  for (const [column, target] of map) {
    const named = header.flatMap((name, place) => (name.toLowerCase() === column.toLowerCase() ? [place] : []));
    const numbered = /^\d+$/.test(column) && Number(column) >= 1 && Number(column) <= header.length;
    const places = named.length > 0 ? named : numbered ? [Number(column) - 1] : [];
    if (places.length === 0)
      return `--map: there is no column "${column}". The columns are: ${header.map(columnName).join(", ")}.`;
    const key = target && keyOfTarget(target);
    if (key && !questions.some((question) => question.key === key)) return `--map: the site has no question "${key}".`;
    if (target === "form" && !forms) return "--map: the site has one form only.";
    for (const place of places) chosen[place] = target;
  }
  return map.length === 0
    ? suggested
    : { ...chooseColumns(header, chosen, questions, forms), guessed: suggested.guessed };
}
