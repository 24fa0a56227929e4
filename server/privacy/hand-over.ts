import { sameEmail } from "../bitrix24/match-contact";
import { type OwnContact, updateRecord } from "../bitrix24/own-records";
import { originId } from "../bitrix24/person";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import type { Services } from "../services";
import { nobody, noMarks, orFilled, removed } from "./anonymise";
import type { ClearedFields } from "./cleared-fields";
import { isTrace } from "./traces";

/** Who inherits a contact of an erased person. */
type Heir = NonNullable<Awaited<ReturnType<typeof heirOf>>>;

/** The first registered of the people who share the contact, such as a family with one phone. */
export const heirOf = (db: Services["db"], contactId: number) =>
  db.user.findFirst({
    where: { bitrix24ContactId: contactId, erasedAt: null },
    orderBy: { id: "asc" },
    select: { id: true, firstName: true, lastName: true, email: true, phone: true },
  });

/**
 * Hands the contact to a person who shares it: their name and external id replace the erased person's, whose own
 * details are removed. If the portal demands one of these, the heir's own replaces it, or a meaningless value.
 */
export async function handOver(
  batchRunner: BatchRunner,
  { id, fields }: OwnContact,
  heir: Heir,
  { salt, traces, cleared }: { salt: string; traces: string[]; cleared: ClearedFields },
): Promise<void> {
  const kept = (value: string) => sameEmail(value, heir.email) || sameDigits(value, heir.phone);
  const gone = fields.filter(({ value }) => isTrace(salt, traces, [value]) && !kept(value));
  const changes = { name: heir.firstName, ...noMarks, originId: originId(heir.id) };
  await orFilled(
    batchRunner,
    updateRecord("contact", id, {
      ...cleared.empty,
      ...changes,
      lastName: heir.lastName ?? "",
      fm: removed(gone),
    }),
    updateRecord("contact", id, {
      ...cleared.filled,
      ...changes,
      lastName: heir.lastName ?? nobody,
      fm: { ...removed(gone), ...replaced("EMAIL", heir.email), ...replaced("PHONE", heir.phone) },
    }),
  );

  /** The heir's value in place of the first one that goes, if none of this type would be left. */
  function replaced(typeId: string, value: string) {
    const [first, ...others] = fields.filter((field) => field.typeId === typeId && gone.includes(field));
    const left = fields.some((field) => field.typeId === typeId && !gone.includes(field));
    return first && !left ? { [first.id]: { typeId, value }, ...removed(others) } : {};
  }
}

const sameDigits = (a: string, b: string) => a.replace(/\D/g, "").slice(-10) === b.replace(/\D/g, "").slice(-10);
