import type { Actor } from "../audit/actor";
import { plannedUndo, undoFormChange } from "../forms/undo-form-change";
import type { Locale } from "../platform/locales";
import type { Services } from "../services";
import { broughtProblems, reviewForm } from "./review-form";
import type { UndoAnswer } from "./undo";
import { isFormUndoneBy, undoOnce } from "./undone-by";

/**
 * Takes a form's newest change back, unless the portal no longer has what stood before it; what it has against the form
 * as it is now keeps nothing from being taken back. As with saving, a portal that does not answer objects to nothing.
 * Throws what undoFormChange throws, unless the actor has taken the change back before.
 */
export const undoFormReviewed = (services: Deps, wish: Wish): Promise<UndoAnswer> =>
  undoOnce(
    () => undoIfPortalAgrees(services, wish),
    () => isFormUndoneBy(services, wish.actor, wish.changeId),
  );

type Deps = Pick<Services, "db" | "env" | "forms" | "bitrix24" | "consents">;
interface Wish {
  actor: Actor;
  changeId: number;
  locale: Locale;
}

async function undoIfPortalAgrees(services: Deps, { actor, changeId, locale }: Wish): Promise<UndoAnswer> {
  const { now, back } = await plannedUndo(services, changeId);
  const review = await reviewForm(services, { definition: back.definition, locale });
  const problems = await broughtProblems(services, { ...review, before: now.definition, locale });
  if (Object.keys(problems).length > 0) return { outcome: "refused", problems };
  await undoFormChange(services, { actor, changeId });
  return { outcome: "undone" };
}
