/** Rows of the list that a search without an index reads at most. In a file of its own, so that the page can name it. */
export const nearRows = 20_000;
