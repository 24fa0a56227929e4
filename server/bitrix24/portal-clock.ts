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

/** Whether a record was created before this moment, by however many hours the portal's clock is wrong. */
export const isBefore = ({ createdTime }: Dated, moment: Date): boolean =>
  createdTime instanceof Date && createdTime.getTime() + olderByMs < moment.getTime();

/** Whether a record was created after this moment, in the same way. */
export const isAfter = ({ createdTime }: Dated, moment: Date): boolean =>
  createdTime instanceof Date && createdTime.getTime() - olderByMs > moment.getTime();

/** Since when this database knows a person. */
export interface Entered {
  /** When the person registered: of imported people as their list states it, which may be years ago. */
  createdAt: Date;
  /** When the row was made here; null: of the time before this was kept. */
  insertedAt: Date | null;
}

/** Nothing of a person was created on the portal before this moment, unless by a state of this database that was lost. */
export const enteredAt = ({ createdAt, insertedAt }: Entered): Date => insertedAt ?? createdAt;

/** Whether a record was made before the person was known here, by more than the clocks may differ. */
export const isMadeBefore = (madeAt: Date | null, person: Entered): boolean =>
  madeAt !== null && madeAt.getTime() + portalClockSkewMs < enteredAt(person).getTime();

/**
 * Whether a record is older than the person is known here, and so was not created for that person, whatever external id it
 * has: when managers merge records, portals hand our external id to the one that remains.
 */
export const isOlderThan = (record: Dated, person: Entered): boolean => isBefore(record, enteredAt(person));
