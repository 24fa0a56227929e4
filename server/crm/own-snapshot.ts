/**
 * The deal snapshot, if it is of this deal: what was agreed and written on a deal that is gone says nothing of the one
 * that took its place. An earlier release did not store of which deal a snapshot is.
 */
export const ownSnapshot = <S extends { dealId: number | null }>(
  snapshot: S | null,
  dealId: number | null,
): S | null => (snapshot && dealId !== null && (snapshot.dealId ?? dealId) === dealId ? snapshot : null);
