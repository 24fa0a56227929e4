/** The portal's clock and ours may differ by this much where the moment of creation itself is compared. */
export const portalClockSkewMs = 10 * 60_000;

/**
 * A record is older than a person only by more than this. A portal's clock or time zone may be wrong by hours, and a deal
 * that was taken for an older one would be made a second time; what managers merge is older by far.
 */
const olderByMs = 24 * 60 * 60_000;

/** When the portal says that a record was created; not every answer does. */
export interface Dated {
  createdTime?: Date | null | undefined;
}

/**
 * Whether a record is older than the person, and so was not created for that person, whatever external id it has: when
 * managers merge records, portals hand our external id to the one that remains.
 */
export const isOlderThan = ({ createdTime }: Dated, person: { createdAt: Date }): boolean =>
  createdTime instanceof Date && createdTime.getTime() + olderByMs < person.createdAt.getTime();
