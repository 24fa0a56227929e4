import type { Actor } from "../audit/actor";
import { isAppError } from "../platform/errors";
import type { Services } from "../services";
import type { UndoAnswer } from "./undo";

/**
 * Takes something back. An undoing whose answer was lost is sent again, and is refused then, since the change no longer
 * applies: to the actor, who has taken it back, it has succeeded.
 */
export async function undoOnce(undo: () => Promise<UndoAnswer>, isUndone: () => Promise<boolean>): Promise<UndoAnswer> {
  try {
    return await undo();
  } catch (error) {
    if (isAppError(error, "CONFLICT") && (await isUndone())) return { outcome: "undone" };
    throw error;
  }
}

/** Whether the actor has taken a change of settings back before. */
export const isSettingsUndoneBy = async (
  { db }: Pick<Services, "db">,
  actor: Actor,
  change: number,
): Promise<boolean> => (await db.settingChange.count({ where: undoing(actor, change) })) > 0;

/** The same of a change of a form. */
export const isFormUndoneBy = async ({ db }: Pick<Services, "db">, actor: Actor, change: number): Promise<boolean> =>
  (await db.formChange.count({ where: undoing(actor, change) })) > 0;

const undoing = ({ kind, id }: Actor, change: number) => ({ undoes: change, actorKind: kind, actorId: id });
