/** Of an uploaded list. Apart from the rest, so that the browser can ask before it sends. */
export const maxImportBytes = 5 * 1024 * 1024;
/** Lines below the column names; looking through more would keep the web process busy for too long. */
export const maxImportRows = 50_000;
