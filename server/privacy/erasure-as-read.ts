import type { Erasure, Prisma } from "../../prisma/generated/client";

/**
 * The row of an erasure for as long as nobody has asked for another way of erasing, or for another portal, since it was read:
 * what a run has done for the earlier demand must not end the newer one.
 */
export const asRead = ({ userId, mode, attempts, counts, contactId, dealId }: Erasure): Prisma.ErasureWhereInput => ({
  ...{ userId, state: "pending", mode, attempts, contactId, dealId },
  counts: { equals: counts as Prisma.InputJsonObject },
});
