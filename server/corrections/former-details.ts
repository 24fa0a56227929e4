import type { StoredPerson } from "../person/fields";

/** The columns of a user for `formerDetails`. */
export const formerColumns = { crmCorrection: { select: { told: true } } } as const;

/** E-mails and phones that the portal may hold of the person, because they were sent before they were corrected. */
export const formerDetails = (row: {
  crmCorrection: { told: unknown } | null;
}): Pick<StoredPerson, "email" | "phone">[] =>
  ((row.crmCorrection?.told ?? []) as StoredPerson[]).map(({ email, phone }) => ({ email, phone }));
