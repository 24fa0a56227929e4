/**
 * So many single failures in a row may have a cause in common: what is left is not tried, unless another one succeeds.
 */
export const mostInARow = 3;
