import type { Actor } from "../audit/actor";
import { plannedUndo, undoFormChange } from "../forms/change";
import type { Locale } from "../platform/locales";
import type { Services } from "../services";
import { reviewForm } from "./review-form";
import type { UndoAnswer } from "./undo";

/**
 * Takes a form's newest change back, unless the portal no longer has what stood before it. As with saving, a portal that
 * does not answer objects to nothing. Throws what undoFormChange throws.
 */
export async function undoFormReviewed(
  services: Pick<Services, "db" | "env" | "forms" | "bitrix24">,
  { actor, changeId, locale }: { actor: Actor; changeId: number; locale: Locale },
): Promise<UndoAnswer> {
  const { back } = await plannedUndo(services, changeId);
  const { problems } = await reviewForm(services, { definition: back.definition, locale });
  if (Object.keys(problems).length > 0) return { outcome: "refused", problems };
  await undoFormChange(services, { actor, changeId });
  return { outcome: "undone" };
}
