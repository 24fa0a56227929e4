import type { Erasure, Prisma } from "../../prisma/generated/client";

/**
 * Matches an erasure's row only while no administrator has changed the mode or named another portal since the row was
 * read: what a run did for the earlier demand must not complete the newer one.
 */
export const asRead = ({ userId, mode, attempts, counts, contactId, dealId }: Erasure): Prisma.ErasureWhereInput => ({
  ...{ userId, state: "pending", mode, attempts, contactId, dealId },
  counts: { equals: counts as Prisma.InputJsonObject },
});
