import type { ActorRef } from "../audit/actor";
import type { Services } from "../services";
import { changedParts, type FormPart, stateOf } from "./change";

export interface FormChangeView {
  id: number;
  at: string;
  actor: ActorRef;
  /** What it changed; `made`: it is the making of the form. */
  parts: (FormPart | "made")[];
  undoes: number | null;
  /** Nothing was changed since, and there is a state before it. */
  undoable: boolean;
}

/** The newest changes of a form. */
export async function formHistory({ db }: Pick<Services, "db">, formId: number): Promise<FormChangeView[]> {
  const rows = await db.formChange.findMany({ where: { formId }, orderBy: { id: "desc" }, take: 20 });
  return rows.map(({ id, at, actorKind, actorId, before, after, undoes }, place) => ({
    id,
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId },
    parts: before === null ? ["made"] : changedParts(stateOf(before), stateOf(after)),
    undoes,
    undoable: place === 0 && before !== null,
  }));
}
