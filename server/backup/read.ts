import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { BackupFileError, endOfRows, type Header, type TableLine, type Trailer } from "./format";
import { splitLines } from "./lines";

export type BackupPart =
  | { kind: "header"; header: Header }
  | { kind: "table"; table: TableLine }
  | { kind: "row"; line: string }
  | { kind: "end" }
  | { kind: "trailer"; trailer: Trailer };

/** The parts of a backup in order. Throws BackupFileError if the file is no backup, incomplete, or changed. */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  const digest = createHash("sha256");
  const rows: Trailer["rows"] = {};
  let table: TableLine | undefined;
  let header: Header | undefined;
  let trailer: Trailer | undefined;
  for await (const line of lines(file)) {
    if (trailer) throw new BackupFileError("something follows the end of the backup");
    if (table) {
      digest.update(`${line}\n`);
      if (line === endOfRows) {
        table = undefined;
        yield { kind: "end" };
      } else {
        rows[table.table] = (rows[table.table] ?? 0) + 1;
        yield { kind: "row", line };
      }
      continue;
    }
    const value = parse(line);
    if (!header) {
      if (value.format !== "front-desk-backup" || value.version !== 1)
        throw new BackupFileError("this is no backup of ours");
      header = value as unknown as Header;
      yield { kind: "header", header };
    } else if ("table" in value) {
      table = value as unknown as TableLine;
      rows[table.table] = 0;
      yield { kind: "table", table };
    } else {
      trailer = value as unknown as Trailer;
      if (trailer.digest !== digest.digest("hex"))
        throw new BackupFileError("the backup was changed after it was written");
      for (const [name, count] of Object.entries(trailer.rows))
        if (rows[name] !== count) throw new BackupFileError(`the backup lacks rows of ${name}`);
      yield { kind: "trailer", trailer };
      continue;
    }
    digest.update(`${line}\n`);
  }
  if (!trailer) throw new BackupFileError("the backup is cut: its end is missing");
}

/** Reads a backup to its end and returns its header. Throws BackupFileError. */
export async function checkBackup(file: string): Promise<Header> {
  let header: Header | undefined;
  for await (const part of readBackup(file)) if (part.kind === "header") header = part.header;
  if (!header) throw new BackupFileError("the file is empty");
  return header;
}

async function* lines(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  const text = createGunzip();
  input.on("error", (error) => text.destroy(error));
  input.pipe(text);
  try {
    yield* splitLines(text);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") throw new BackupFileError("there is no such file");
    throw new BackupFileError(`the file cannot be read: ${(error as Error).message}`);
  } finally {
    input.destroy();
    text.destroy();
  }
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw new BackupFileError("this is no backup of ours");
}
