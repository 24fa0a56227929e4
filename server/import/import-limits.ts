/** Of an uploaded list: some fifty thousand people. Apart from the rest, so that the browser can ask before it sends. */
export const maxImportBytes = 5 * 1024 * 1024;
