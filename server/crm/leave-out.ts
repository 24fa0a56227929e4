import { emoji, nextToLeaveOut } from "../bitrix24/ornaments";
import type { Failure } from "../bitrix24/progress";
import type { FieldNames } from "../bitrix24/sent-fields";
import type { Services } from "../services";

/**
 * Returns the failures that may be caused by an optional detail, such as an emoji. That detail is left out of the next
 * attempt. Such a failure costs no attempt and is not evidence about other people. `fieldOf`: the portal's field that
 * an answer names.
 */
export async function leaveOutRefused(
  { db }: Pick<Services, "db">,
  failures: Failure[],
  fieldOf: (failure: Failure) => FieldNames | null,
): Promise<Failure[]> {
  const retriedWithout: Failure[] = [];
  for (const failure of failures) {
    const { person, error } = failure;
    const next = nextToLeaveOut(person, error, fieldOf(failure));
    if (next === null) continue;
    await db.user.update({ where: { id: person.userId }, data: { crmLeftOut: { push: next } }, select: { id: true } });
    retriedWithout.push({ person, error: error.with({ kind: "refused" }) });
  }
  return retriedWithout;
}

/** Emoji are left out of all that these people are sent from now on. */
export async function leaveOutEmoji({ db }: Pick<Services, "db">, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  await db.user.updateMany({
    where: { id: { in: userIds }, erasedAt: null, NOT: { crmLeftOut: { has: emoji } } },
    data: { crmLeftOut: { push: emoji } },
  });
}
