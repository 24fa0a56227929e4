/**
 * Whether the portal says yes. It writes yes and no as Y and N, as booleans, or as 1 and 0, depending on method and age.
 * Neither `isYes` nor `isNo` holds of a value that it leaves out.
 */
export const isYes = (value: unknown): boolean => value === true || /^(y|1|true)$/i.test(written(value));

export const isNo = (value: unknown): boolean => value === false || /^(n|0|false)$/i.test(written(value));

const written = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
