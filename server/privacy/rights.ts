import { type CorrectionView, readCorrection } from "../corrections/corrections";
import type { Db } from "../database/db";
import { inSnapshot } from "../database/snapshot";
import { getShownUser, type UserView } from "../users/users";
import { type ConsentView, listConsents } from "./consents";

/** What the pages on which a person's rights are exercised show, as of one moment; `user` is null if there is none. */
export const readRights = (
  { db }: { db: Db },
  userId: number,
): Promise<{ user: UserView | null; isAdmin: boolean; consents: ConsentView[]; correction: CorrectionView | null }> =>
  inSnapshot(db, async (tx) => ({
    user: await getShownUser({ db: tx }, userId),
    isAdmin: (await tx.user.count({ where: { id: userId, role: "ADMIN" } })) > 0,
    consents: await listConsents({ db: tx }, userId),
    correction: await readCorrection({ db: tx }, userId),
  }));
