import type { Actor } from "../audit/actor";
import { isBy, isStillUndone } from "../audit/own-undoing";
import { isAppError } from "../platform/errors";
import type { Services } from "../services";
import type { UndoAnswer } from "./undo";

/**
 * Takes something back. An undoing whose answer was lost is sent again, and is refused then, since the change no longer
 * applies: to the actor, who has taken it back, it has succeeded, unless another change has come since.
 */
export async function undoOnce(undo: () => Promise<UndoAnswer>, isUndone: () => Promise<boolean>): Promise<UndoAnswer> {
  try {
    return await undo();
  } catch (error) {
    if (isAppError(error, "CONFLICT") && (await isUndone())) return { outcome: "undone" };
    throw error;
  }
}

/** Whether the actor has taken a change of settings back before, and nothing of it was changed since. */
export const isSettingsUndoneBy = async (
  { db }: Pick<Services, "db">,
  actor: Actor,
  change: number,
): Promise<boolean> =>
  isStillUndone(await db.settingChange.findMany({ where: { id: { gt: change } } }), { actor, change });

/** The same of a change of a form, which is one whole: the undoing is the form's newest change. */
export async function isFormUndoneBy({ db }: Pick<Services, "db">, actor: Actor, change: number): Promise<boolean> {
  const row = await db.formChange.findUnique({ where: { id: change }, select: { formId: true } });
  if (!row) return false;
  const newest = await db.formChange.findFirst({ where: { formId: row.formId }, orderBy: { id: "desc" } });
  return newest?.undoes === change && isBy(newest, actor);
}
