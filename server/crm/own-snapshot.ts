/**
 * The deal snapshot, if it is of this deal: what was agreed and written on a deal that is gone says nothing of the one
 * that took its place. Of one from an earlier release, or of before the portal was restored from a backup, the deal is not known.
 */
export const ownSnapshot = <S extends { dealId: number | null }>(
  snapshot: S | null,
  dealId: number | null,
): S | null => (snapshot && dealId !== null && (snapshot.dealId ?? dealId) === dealId ? snapshot : null);
