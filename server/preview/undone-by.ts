import type { Actor } from "../audit/actor";
import type { Services } from "../services";

/**
 * Whether the actor has taken a change of settings back before. An undoing whose answer was lost is sent again, and is
 * refused then, since the change no longer applies: to the actor it has succeeded.
 */
export async function isSettingsUndoneBy({ db }: Pick<Services, "db">, { kind, id }: Actor, change: number) {
  const where = { undoes: change, actorKind: kind, actorId: id };
  return (await db.settingChange.count({ where })) > 0;
}

/** The same of a change of a form. */
export async function isFormUndoneBy({ db }: Pick<Services, "db">, { kind, id }: Actor, change: number) {
  const where = { undoes: change, actorKind: kind, actorId: id };
  return (await db.formChange.count({ where })) > 0;
}
