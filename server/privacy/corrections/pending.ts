import type { ContactBy } from "../../bitrix24/person";
import { hasWithdrawn } from "../../consents/withdrawn";
import { loggedContacts } from "../../crm/made-records";
import { personColumns } from "../../person/columns";
import { pickPerson, type StoredPerson } from "../../person/fields";
import type { Services } from "../../services";
import { changedFields } from "./contact-changes";
import { extensionChanged } from "./mapped-places";

/** A correction that the portal has yet to follow, with what the database knows of the person's records there. */
export interface PendingCorrection {
  userId: number;
  /** Versions of the person's details that the portal may hold. */
  told: StoredPerson[];
  now: StoredPerson;
  /** Keys of further consents that were given or withdrawn since. */
  consents: string[];
  /**
   * What stays pending until the person gives the consent to the processing again: changed details, which `told` and `now`
   * leave out, and keys of further consents that were given. Null: nothing.
   */
  waits: { consents: string[] } | null;
  /** Details that the portal refuses: see server/bitrix24/ornaments.ts. */
  leftOut: string[];
  locale: string;
  revision: number;
  changedAt: Date;
  attempts: number;
  /** How often the portal has turned down the change of the contact. */
  contactRefusals: number;
  /** Until when a request in flight for this person may still take effect. */
  busyUntil: Date | null;
  contactId: number | null;
  contactBy: ContactBy | null;
  /** The portal call log says that the contact was created here. */
  madeHere: boolean;
  dealId: number | null;
  formId: number | null;
  /** Other registered people linked to the same contact. */
  sharedWith: Pick<StoredPerson, "email" | "phone">[];
}

/**
 * The pending corrections of these users, by id. Leaves out users without one, and users whose data may not be sent to
 * the portal now; of those who have withdrawn the consent to the processing only further consents that are withdrawn too go.
 */
export async function loadPending({ db }: Pick<Services, "db">, userIds: number[]): Promise<PendingCorrection[]> {
  const pending = await db.crmCorrection.findMany({
    where: { userId: { in: userIds }, state: "pending", user: { erasedAt: null, crmState: "SYNCED" } },
    orderBy: { userId: "asc" },
    include: {
      user: {
        select: {
          ...personColumns,
          locale: true,
          crmLeftOut: true,
          crmContactBy: true,
          bitrix24ContactId: true,
          bitrix24DealId: true,
          formId: true,
        },
      },
    },
  });
  const withdrawn = await db.user.findMany({
    where: { id: { in: pending.map(({ userId }) => userId) }, ...hasWithdrawn },
    select: { id: true, consents: { where: { withdrawnAt: null }, select: { kind: true } } },
  });
  const rows = pending.flatMap(({ told, ...row }) => {
    const versions = { told: told as unknown as StoredPerson[], now: pickPerson(row.user) };
    const holding = withdrawn.find(({ id }) => id === row.userId)?.consents.map(({ kind }) => kind);
    if (!holding) return { ...row, ...versions, waits: null };
    const consents = row.consents.filter((kind) => !holding.includes(kind));
    const [first] = versions.told;
    if (consents.length === 0 || !first) return [];
    const given = row.consents.filter((kind) => holding.includes(kind));
    const isChanged = changedFields(versions.told, versions.now).length > 0 || extensionChanged(versions);
    const waits = isChanged || given.length > 0 ? { consents: given } : null;
    return { ...row, consents, told: [first], now: first, waits };
  });
  // Compared by the database's clock, which wrote it.
  const busy = await db.$queryRaw<{ id: number; until: Date }[]>`
    select id, "crmInFlightUntil" as until from "User"
    where id = any(${rows.map(({ userId }) => userId)}) and "crmInFlightUntil" > clock_timestamp()`;
  const contactIds = rows.flatMap(({ user }) => user.bitrix24ContactId ?? []);
  const linked = await db.user.findMany({
    where: { bitrix24ContactId: { in: contactIds }, erasedAt: null },
    select: { id: true, bitrix24ContactId: true, email: true, phone: true },
  });
  const made = await loggedContacts(
    db,
    rows.map(({ userId }) => userId),
  );
  return rows.map(({ user, ...row }) => ({
    userId: row.userId,
    told: row.told,
    now: row.now,
    consents: row.consents,
    waits: row.waits,
    leftOut: user.crmLeftOut,
    locale: user.locale,
    revision: row.revision,
    changedAt: row.changedAt,
    attempts: row.attempts,
    contactRefusals: row.contactRefusals,
    busyUntil: busy.find(({ id }) => id === row.userId)?.until ?? null,
    contactId: user.bitrix24ContactId,
    contactBy: user.crmContactBy as ContactBy | null,
    madeHere: made.some(({ userId, contactId }) => userId === row.userId && contactId === user.bitrix24ContactId),
    dealId: user.bitrix24DealId,
    formId: user.formId,
    sharedWith: linked.filter(
      ({ id, bitrix24ContactId }) => id !== row.userId && bitrix24ContactId === user.bitrix24ContactId,
    ),
  }));
}
