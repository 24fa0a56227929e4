/** Of several records, the one that was created first. */
export const oldest = <T extends { id: number }>(rows: T[]): T | undefined => rows.sort((a, b) => a.id - b.id)[0];
