import type { Actor } from "../audit/actor";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { FormConflictError, type FormState, lockForms, newestChange, readState, saveForm, stateOf } from "./change";
import type { FormDefinition, FormItem, Question } from "./definition";
import { everyOptionOf, everyQuestionOf, formerOf } from "./questions";

/** What undoing a change would restore. Throws NOT_FOUND, and FormConflictError if something was changed since. */
export async function plannedUndo(
  { db }: Pick<Services, "db">,
  changeId: number,
): Promise<{ formId: number; now: FormState; back: FormState }> {
  return reversal(db, changeId);
}

/**
 * Takes the newest change of a form back. A question or an option that it had added is removed like any other, so that the
 * answers given since keep their words. Throws as plannedUndo does, and
 * SlugTakenError if another form has the former address.
 */
export async function undoFormChange(
  services: Pick<Services, "db" | "forms">,
  { actor, changeId }: { actor: Actor; changeId: number },
): Promise<void> {
  await services.db.$transaction(async (tx) => {
    await lockForms(tx);
    const { formId, now, back } = await reversal(tx, changeId);
    await saveForm(tx, { actor, id: formId, before: now, after: back, action: "form.undo", undoes: changeId });
  });
  await services.forms.reload();
}

async function reversal(tx: Tx, changeId: number): Promise<{ formId: number; now: FormState; back: FormState }> {
  const change = await tx.formChange.findUnique({ where: { id: changeId } });
  if (!change) throw new AppError("NOT_FOUND");
  const now = await readState(tx, change.formId);
  if (change.before === null || (await newestChange(tx, change.formId)) !== changeId) throw new FormConflictError();
  const before = stateOf(change.before);
  return { formId: change.formId, now, back: { ...before, definition: keepingQuestions(before.definition, now) } };
}

/** With the present form's further questions and options among the removed ones. */
function keepingQuestions(definition: FormDefinition, { definition: now }: FormState): FormDefinition {
  const present = new Map(everyQuestionOf(now).map((question) => [question.key, question]));
  const keeping = (question: Question): Question => {
    const known = present.get(question.key);
    const ever = [...(known ? everyOptionOf(known) : []), ...question.former];
    return { ...question, former: formerOf(ever, question.options) };
  };
  const items = definition.items.map(
    (item): FormItem => ("question" in item ? { question: keeping(item.question) } : item),
  );
  const back = new Set(everyQuestionOf(definition).map(({ key }) => key));
  const further = [...present.values()].filter(({ key }) => !back.has(key));
  return { ...definition, items, removed: [...definition.removed.map(keeping), ...further] };
}
