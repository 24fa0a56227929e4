import { stringify } from "csv-stringify/sync";
import type { Services } from "../services";
import { readRecords } from "./csv";
import { bytesSource, surveyFile } from "./import-file";

/** Stands where a person's details stood: no address, so the line is refused, and the others keep their places. */
const filler = "x";

/**
 * Takes a person's lines out of the lists that are kept: drafts, and those that are being imported. A process that has
 * such a list in memory notices by its revision and reads it again.
 */
export async function blankInImports({ db }: Pick<Services, "db">, email: string): Promise<void> {
  const kept = await db.importRun.findMany({ where: { content: { not: null } }, select: { id: true } });
  for (const { id } of kept) {
    // Until nobody has written it meanwhile.
    for (;;) {
      const run = await db.importRun.findUnique({ where: { id }, select: { content: true, revision: true } });
      if (!run?.content) break;
      const content = await withoutPerson(run.content, email);
      if (!content) break;
      const { count } = await db.importRun.updateMany({
        where: { id, revision: run.revision },
        data: { content, revision: { increment: 1 } },
      });
      if (count > 0) break;
    }
  }
}

/** The list without the person, or null if they are not in it. */
async function withoutPerson(bytes: Uint8Array, email: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const open = bytesSource(bytes);
  const { encoding } = await surveyFile(open);
  const records: string[][] = [];
  let found = false;
  for await (const { cells } of readRecords(open(), encoding)) {
    const isTheirs = records.length > 0 && cells.some((cell) => cell.normalize("NFKC").toLowerCase().includes(email));
    found ||= isTheirs;
    records.push(isTheirs ? cells.map((cell) => cell && filler) : cells);
  }
  return found ? new Uint8Array(Buffer.from(`\ufeff${stringify(records, { delimiter: ";" })}`)) : null;
}
