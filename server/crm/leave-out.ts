import { nextToLeaveOut } from "../bitrix24/ornaments";
import type { Failure } from "../bitrix24/progress";
import type { Services } from "../services";

/**
 * Of these failures those that may be over an ornament: it is left out at the next attempt, and this one costs nothing and
 * says nothing of others. `fieldOf`: which of the portal's fields an answer names.
 */
export async function leaveOutRefused(
  { db }: Pick<Services, "db">,
  failures: Failure[],
  fieldOf: (failure: Failure) => string | null,
): Promise<Failure[]> {
  const plainer: Failure[] = [];
  for (const failure of failures) {
    const { person, error } = failure;
    const next = nextToLeaveOut(person, error, fieldOf(failure));
    if (next === null) continue;
    await db.user.update({ where: { id: person.userId }, data: { crmLeftOut: { push: next } }, select: { id: true } });
    plainer.push({ person, error: error.with({ kind: "refused" }) });
  }
  return plainer;
}
