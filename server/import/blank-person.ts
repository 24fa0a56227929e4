import { emailSchema } from "../person/schema";
import { holdsEmail } from "../platform/email-in-text";
import { withoutInnerGuards } from "../platform/formula-guard";
import type { Services } from "../services";
import { blanked } from "./blanked";
import { cellText, partsOf } from "./cell";
import { readRecords } from "./csv";
import { decode, type Encoding, findEncoding } from "./encoding";
import { bytesSource } from "./import-file";

const kept = { content: true, revision: true, reading: true } as const;
/** The encoding in which a changed list is written. */
const rewritten: Encoding = "utf-8";

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

/** Whether a cell holds the address in any spelling that an import takes for it, alone or within a longer text. */
function holds(cell: string, email: string): boolean {
  if (holdsEmail(cell, email)) return true;
  return [cell, withoutInnerGuards(cell)]
    .map((each) => cellText(each).trim())
    .flatMap((text) => [text, ...partsOf("email", text)])
    .some((part) => emailSchema.safeParse(part).data === email);
}

/** The list without the person, each other line as it was and where it was; null if they are not in it. */
async function withoutPerson(
  bytes: Uint8Array,
  email: string,
  known: Encoding | undefined,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const open = bytesSource(bytes);
  const encoding = known ?? (await findEncoding(open)).encoding;
  const found = new Map<number, string>();
  const starts: number[] = [];
  for await (const { line, cells, separator } of readRecords(open(), encoding)) {
    starts.push(line);
    if (cells.some((cell) => holds(cell, email))) found.set(line, cells.map((cell) => cell && blanked).join(separator));
  }
  if (found.size === 0) return null;
  const lines = (await textOf(open(), encoding)).split(/(?<=\n|\r(?!\n))/);
  for (const [place, start] of starts.entries()) {
    const blank = found.get(start);
    if (blank === undefined) continue;
    // A record may have several lines; their number stays, so that refusals name the lines of the administrator's file.
    const end = starts[place + 1] ?? lines.length + 1;
    for (let line = start; line < end; line++)
      lines[line - 1] = (line === start ? blank : "") + (/[\r\n]+$/.exec(lines[line - 1] ?? "")?.[0] ?? "");
  }
  return new Uint8Array(Buffer.from(`\ufeff${lines.join("")}`));
}

async function textOf(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): Promise<string> {
  let text = "";
  for await (const piece of decode(bytes, encoding)) text += piece;
  return text;
}
