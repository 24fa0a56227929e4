import type { Actor } from "../audit/actor";
import type { Services } from "../services";

/**
 * Whether the actor has taken a change of settings back before. An undoing whose answer was lost is sent again, and is
 * refused then, since the change no longer applies: to the actor it has succeeded.
 */
export const isSettingsUndoneBy = async (
  { db }: Pick<Services, "db">,
  actor: Actor,
  change: number,
): Promise<boolean> => (await db.settingChange.count({ where: undoing(actor, change) })) > 0;

/** The same of a change of a form. */
export const isFormUndoneBy = async ({ db }: Pick<Services, "db">, actor: Actor, change: number): Promise<boolean> =>
  (await db.formChange.count({ where: undoing(actor, change) })) > 0;

const undoing = ({ kind, id }: Actor, change: number) => ({ undoes: change, actorKind: kind, actorId: id });
