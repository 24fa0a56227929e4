/** How long a key is kept: longer than any program tries again, and than a registration waits for its deal. */
export const keyDays = 30;
