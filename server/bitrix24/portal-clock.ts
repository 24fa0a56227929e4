/** The portal's clock may be behind ours by this much. */
export const portalClockSkewMs = 10 * 60_000;

/** When the portal says that a record was created; not every answer does. */
export interface Dated {
  createdTime?: Date | null | undefined;
}

/**
 * Whether a record is older than the person, and so was not created for that person, whatever external id it has: when
 * managers merge records, portals hand our external id to the one that remains.
 */
export const isOlderThan = ({ createdTime }: Dated, person: { createdAt: Date }): boolean =>
  createdTime instanceof Date && createdTime.getTime() + portalClockSkewMs < person.createdAt.getTime();
