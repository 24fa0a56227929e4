import { ignoredHeaders, meaningsOf } from "../import/columns";
import type { ImportFile } from "../import/import-file";
import { readRows } from "../import/rows";
import { fullName } from "../person/full-name";
import { ask } from "./ask";
import { columnName, nameOf } from "./import-words";

const shownPeople = 3;

/** How the file is read, for the operator; without content of its lines. */
export function describeReading({ columns, encoding, zone, guessed }: ImportFile): string {
  const used = meaningsOf(columns).map((target) => {
    const headers = columns.header.map(columnName).filter((_, place) => columns.targets[place] === target);
    return `${nameOf(target)}: ${headers.map((header) => `"${header}"`).join(", else ")}`;
  });
  const ignored = ignoredHeaders(columns);
  const hasTimes = columns.targets.some((target, place) => isTime(target) && columns.zones[place] === null);
  return [
    `Columns: ${used.join("; ")}.`,
    ...(ignored.length > 0 ? [`Not used: ${ignored.join(", ")}.`] : []),
    ...(hasTimes ? [`Times are in ${zone}.`] : []),
    ...(guessed ? [`Detected encoding: ${encoding}.`] : []),
    ...(columns.guessed ? ["Some columns were guessed."] : []),
  ].join("\n");
}

const isTime = (target: string | null | undefined) => target === "paidAt" || target === "registeredAt";

/** Shows the first people and asks for confirmation. False if there is no terminal. */
export async function confirmImport(file: ImportFile): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  let shown = 0;
  for await (const row of readRows(file)) {
    if (row.kind !== "person") continue;
    const { firstName, lastName, email, phone } = row.person;
    console.log(`  ${fullName({ firstName, lastName })}  ${email}  ${phone}`);
    shown += 1;
    if (shown === shownPeople) break;
  }
  return /^(?:y|yes|д|да)$/i.test(await ask("Import the list? [y/N] "));
}
