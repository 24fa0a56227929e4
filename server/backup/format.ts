/**
 * A backup is one gzip file of lines. The first is the header; then each table has a line of its own, followed by
 * PostgreSQL's COPY text and a line `\.`; the last is the trailer, with a digest of everything before it. So a file that
 * was cut or changed is recognised before anything is restored from it.
 */
export interface Header {
  format: "front-desk-backup";
  version: 1;
  createdAt: string;
  /** Applied migrations, in order: restoring creates the tables of that time. */
  migrations: string[];
}

export interface TableLine {
  table: string;
  columns: string[];
}

export interface Trailer {
  rows: Record<string, number>;
  /** SHA-256 of all lines before this one, in hex. */
  digest: string;
}

/** Ends a table's rows; COPY text escapes the backslash, so no row reads like this. */
export const endOfRows = "\\.";

/** The file is no backup, or an incomplete one. */
export class BackupFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BackupFileError";
  }
}
