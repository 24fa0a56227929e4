import { seenField, stepField } from "~/features/settings/form-fields";
import { mapOf, textOf } from "~/features/settings/settings-form.server";
import type { Locale } from "~/i18n/locale";
import type { Actor } from "~server/audit/actor";
import { changedParts, changeForm, type FormPart, storedForm } from "~server/forms/change";
import { draftOf } from "~server/forms/draft";
import type { Typed } from "~server/forms/draft-inputs";
import { siteQuestions } from "~server/forms/questions";
import { isAppError } from "~server/platform/errors";
import { parseSeenId } from "~server/platform/ids";
import type { Review } from "~server/preview/review";
import { reviewForm } from "~server/preview/review-form";
import type { Services } from "~server/services";

/** What the page says about the posted form. */
export interface EditorAnswer {
  outcome: "review" | "saved" | "same" | "refused" | "conflict";
  status: number;
  /** As it was typed. */
  typed: Typed;
  /** Words about what was refused, by the name of the input. */
  said: Record<string, string>;
  changed: FormPart[];
  /** What the portal says, while nothing is saved. */
  review: Pick<Review, "warnings" | "preview" | "silent"> | null;
}

/** The posted inputs. Lines of the field map become the map's text, and ticked persons a list. */
function typedOf(form: FormData): Typed {
  const typed = Object.fromEntries(
    [...new Set(form.keys())]
      .filter((name) => !name.startsWith("fields."))
      .map((name) => [name, textOf(form.getAll(name)) ?? ""]),
  );
  const fields = mapOf(form, "fields");
  return fields === null ? typed : { ...typed, fields };
}

/** Checks what was posted; saves it if the form is that of the second step, and else says what it would change. */
export async function answerEditor(
  services: Services,
  { actor, id, form, locale }: { actor: Actor; id: number; form: FormData; locale: Locale },
): Promise<EditorAnswer> {
  const { [seenField]: _, [stepField]: step, ...typed } = typedOf(form);
  const { state: now, seen: newest } = await storedForm(services, id);
  await services.forms.reload();
  const { state, problems } = draftOf(now, typed, new Set(siteQuestions(services.forms.all()).keys()));
  const seen = parseSeenId(form.get(seenField)) ?? 0;
  const answer = {
    typed: { ...typed, [seenField]: String(seen) },
    said: {},
    changed: changedParts(now, state),
    review: null,
    status: 200,
  };
  // What was typed belongs to the form as the page showed it.
  if (seen < newest) return { ...answer, outcome: "conflict", status: 409 };
  const refused = (said: Record<string, string>) => ({ ...answer, said, outcome: "refused" as const, status: 400 });
  if (Object.keys(problems).length > 0)
    return refused(Object.fromEntries(Object.entries(problems).map(([name, words]) => [name, words[locale]])));
  if (answer.changed.length === 0) return { ...answer, outcome: "same" };
  // In both steps: between them the portal may have changed.
  const { problems: refusals, ...review } = await reviewForm(services, { definition: state.definition, locale });
  if (Object.keys(refusals).length > 0) return refused(refusals);
  if (step !== "save") return { ...answer, outcome: "review", review };
  try {
    const changed = await changeForm(services, { actor, id, seen, change: () => state });
    return { ...answer, outcome: changed ? "saved" : "same" };
  } catch (error) {
    if (isAppError(error, "INVALID")) return refused({});
    if (!isAppError(error, "CONFLICT")) throw error;
    return { ...answer, outcome: "conflict", status: error.status };
  }
}
