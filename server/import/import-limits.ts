/** Of an uploaded list. In a file of its own, so that the browser can check before it uploads. */
export const maxImportMegabytes = 5;
export const maxImportBytes = maxImportMegabytes * 1024 * 1024;
/** Lines below the header; checking more would block the web process for too long. */
export const maxImportRows = 50_000;
