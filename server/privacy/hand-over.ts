import { contactNames } from "../bitrix24/contact-names";
import { isTooLong } from "../bitrix24/field-lengths";
import { sameEmail } from "../bitrix24/match-contact";
import { mayRefuseEmoji } from "../bitrix24/ornaments";
import type { OwnContact } from "../bitrix24/own-records";
import { originId } from "../bitrix24/person";
import type { AcceptedUpdate } from "../bitrix24/remains";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { leaveOutEmoji } from "../crm/leave-out";
import type { Services } from "../services";
import { changeOf, noTags, orFilled, removed } from "./anonymise";
import type { ClearedFields } from "./cleared-fields";
import { erasedEmail, erasedPhone, erasedText } from "./erased-placeholders";
import { isTrace } from "./traces";

/** Who inherits a contact of an erased person. */
type Heir = NonNullable<Awaited<ReturnType<typeof heirOf>>>;

/** The first registered of the people who share the contact, such as a family with one phone. */
export const heirOf = (db: Services["db"], contactId: number) =>
  db.user.findFirst({
    where: { bitrix24ContactId: contactId, erasedAt: null },
    orderBy: { id: "asc" },
    select: { id: true, firstName: true, lastName: true, email: true, phone: true, crmLeftOut: true },
  });

/**
 * Hands the contact to a person who shares it: their name and external id replace the erased person's, whose own
 * details are removed. If the portal demands one of these, the heir's own replaces it, or a meaningless value. Returns
 * what the portal has accepted.
 */
export async function handOver(
  { db, batchRunner }: Pick<Services, "db"> & { batchRunner: BatchRunner },
  contact: OwnContact,
  heir: Heir,
  { salt, traces, cleared }: { salt: string; traces: string[]; cleared: ClearedFields },
): Promise<AcceptedUpdate> {
  const { fields } = contact;
  const kept = (value: string) => sameEmail(value, heir.email) || sameDigits(value, heir.phone);
  const gone = fields.filter(({ value }) => isTrace(salt, traces, [value]) && !kept(value));
  // What the portal has refused or has no room for would be refused again, as often as it is tried.
  const isTaken = (typeId: string, value: string) => !heir.crmLeftOut.includes(typeId) && !isTooLong(typeId, value);
  const taken = {
    EMAIL: isTaken("EMAIL", heir.email) ? heir.email : erasedEmail(heir.id),
    PHONE: isTaken("PHONE", heir.phone) ? heir.phone : erasedPhone,
  };
  const changes = { ...contactNames(heir, heir.crmLeftOut), ...noTags, originId: originId(heir.id) };
  try {
    const empty = { ...cleared.empty, ...changes, fm: removed(gone) };
    return await orFilled(batchRunner, changeOf("contact", contact, cleared, empty), {
      ...cleared.filled,
      ...changes,
      lastName: changes.lastName || erasedText,
      fm: { ...removed(gone), ...replaced("EMAIL", taken.EMAIL), ...replaced("PHONE", taken.PHONE) },
    });
  } catch (error) {
    // The next attempt goes without what this portal may not be able to keep.
    if (error instanceof Bitrix24Error && mayRefuseEmoji(error, changes, heir.crmLeftOut))
      await leaveOutEmoji({ db }, [heir.id]);
    throw error;
  }

  /** The value in place of the first one that goes, if none of this type would be left. */
  function replaced(typeId: string, value: string) {
    const [first, ...others] = fields.filter((field) => field.typeId === typeId && gone.includes(field));
    const left = fields.some((field) => field.typeId === typeId && !gone.includes(field));
    return first && !left ? { [first.id]: { typeId, value }, ...removed(others) } : {};
  }
}

const sameDigits = (a: string, b: string) => a.replace(/\D/g, "").slice(-10) === b.replace(/\D/g, "").slice(-10);
