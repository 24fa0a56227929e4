import { stringify } from "csv-stringify/sync";
import { emailSchema } from "../person/schema";
import { readableEmail } from "../platform/email-address";
import type { Services } from "../services";
import { cellText, partsOf } from "./cell";
import { readTable } from "./csv";
import { type Encoding, findEncoding } from "./encoding";
import { bytesSource } from "./import-file";

const kept = { content: true, revision: true, reading: true } as const;
/** The encoding in which a changed list is written. */
const rewritten: Encoding = "utf-8";
/**
 * Replaces a person's details: the line is rejected, since it has no e-mail, and the other lines keep their positions.
 */
const filler = "x";

/**
 * Removes a person's lines from the stored lists: drafts, and lists being imported. A process that has such a list in
 * memory notices by its revision and reads it again.
 */
export async function blankInImports({ db }: Pick<Services, "db">, email: string): Promise<void> {
  const runs = await db.importRun.findMany({ where: { content: { not: null } }, select: { id: true } });
  for (const { id } of runs) {
    // Repeated until the row was not changed by another process in between.
    for (;;) {
      const run = await db.importRun.findUnique({ where: { id }, select: kept });
      if (!run?.content) break;
      const reading = run.reading as { encoding: Encoding } | null;
      const content = await withoutPerson(run.content, email, reading?.encoding);
      if (!content) break;
      const { count } = await db.importRun.updateMany({
        where: { id, revision: run.revision },
        data: { content, revision: { increment: 1 }, ...(reading && { reading: { ...reading, encoding: rewritten } }) },
      });
      if (count > 0) break;
    }
  }
}

/**
 * Whether a cell holds the address in any spelling that an import takes for it, alone or among others, or as it is stored
 * or written within a longer text.
 */
function holds(cell: string, email: string): boolean {
  const plain = cell.normalize("NFKC").toLowerCase();
  if (!plain.includes("@")) return false;
  if (plain.includes(email) || plain.includes(readableEmail(email))) return true;
  const text = cellText(cell).trim();
  return [text, ...partsOf("email", text)].some((part) => emailSchema.safeParse(part).data === email);
}

/** The list without the person; null if they are not in it. */
async function withoutPerson(
  bytes: Uint8Array,
  email: string,
  known: Encoding | undefined,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const open = bytesSource(bytes);
  const encoding = known ?? (await findEncoding(open)).encoding;
  const records: string[][] = [];
  let found = false;
  for await (const { cells } of readTable(open(), encoding)) {
    const isTheirs = records.length > 0 && cells.some((cell) => holds(cell, email));
    found ||= isTheirs;
    records.push(isTheirs ? cells.map((cell) => cell && filler) : cells);
  }
  return found ? new Uint8Array(Buffer.from(`\ufeff${stringify(records, { delimiter: ";" })}`)) : null;
}
