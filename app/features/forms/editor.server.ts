import { seenField, stepField } from "~/features/settings/form-fields";
import { mapOf, textOf } from "~/features/settings/settings-form.server";
import type { Locale } from "~/i18n/locale";
import type { Actor } from "~server/audit/actor";
import {
  changedParts,
  changeForm,
  type FormPart,
  type FormState,
  QuestionKeyTakenError,
  SlugTakenError,
  storedForm,
} from "~server/forms/change";
import { draftOf } from "~server/forms/draft";
import { actField, arranged, type FormSection, settingsOfSection, type Typed } from "~server/forms/draft-inputs";
import { draftTexts } from "~server/forms/draft-texts";
import { textsNow } from "~server/forms/form-env";
import { mergeTyped } from "~server/forms/merge-typed";
import { siteQuestions } from "~server/forms/questions";
import { isSameSection } from "~server/forms/sections";
import { type ShownForm, shownForm } from "~server/forms/shown-form";
import { stateAt } from "~server/forms/state-at";
import { isAppError } from "~server/platform/errors";
import { parseSeenId } from "~server/platform/ids";
import type { Review } from "~server/preview/review";
import { broughtProblems, reviewForm } from "~server/preview/review-form";
import type { Services } from "~server/services";
import { overtakenWords } from "./overtaken-words";

/** What the page says about the posted section. */
export interface EditorAnswer {
  /** `arranged`: nothing was checked, the page only shows its inputs in another order, or one question more. */
  outcome: "arranged" | "review" | "saved" | "same" | "refused" | "conflict";
  status: number;
  /** As it was typed. */
  typed: Typed;
  /** The button that arranged; blank: nothing was arranged. */
  act: string;
  /** Words about what was refused, by the name of the input. */
  said: Record<string, string>;
  /** Words about what another section would have to change. */
  elsewhere: string[];
  changed: FormPart[];
  /** The saved change, which can be undone. */
  change: number | null;
  /** The form as visitors would see it. */
  look: ShownForm | null;
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

/**
 * Checks what was posted of a section; saves it if the form is that of the second step, and else says what it would
 * change. What was typed is never lost, also where another administrator has changed the section meanwhile.
 */
export async function answerEditor(services: Services, posted: Posted): Promise<EditorAnswer> {
  const { actor, id, section, form, locale } = posted;
  const { [seenField]: _, [stepField]: step, [actField]: act = "", ...typed } = typedOf(form);
  const { state: now, seen: newest } = await storedForm(services, id);
  await services.forms.reload();
  const used = new Set(siteQuestions(services.forms.all()).keys());
  const seen = parseSeenId(form.get(seenField)) ?? 0;
  // A button that arranges says so too: what it would number is not all on the page, and what is gone could be told no more.
  const overtaken = await overtakenBy(services, { id, section, seen, newest, now, typed, locale });
  const wanted = overtaken?.typed ?? (act === "" ? typed : arranged(now, typed, act));
  const { state, problems } = draftOf(now, wanted, used, [section]);
  const answer: Omit<EditorAnswer, "outcome"> = {
    // Checked again, it may replace what the page says has changed meanwhile.
    typed: { ...wanted, [seenField]: String(newest) },
    act: overtaken ? "" : act,
    said: {},
    elsewhere: [],
    changed: changedParts(now, state),
    change: null,
    look: section === "questions" ? shownForm(state.definition, locale) : null,
    review: null,
    status: 200,
  };
  if (overtaken)
    return { ...answer, said: overtaken.said, elsewhere: overtaken.elsewhere, outcome: "conflict", status: 409 };
  if (act !== "") return { ...answer, outcome: "arranged" };
  const refused = (said: Record<string, string>, elsewhere: string[] = []) => ({
    ...{ ...answer, said, elsewhere },
    outcome: "refused" as const,
    status: 400,
  });
  if (Object.keys(problems).length > 0)
    return refused(Object.fromEntries(Object.entries(problems).map(([name, words]) => [name, words[locale]])));
  if (answer.changed.length === 0) return { ...answer, outcome: "same" };
  const taken = () => refused({ slug: draftTexts.taken[locale] });
  if (services.forms.all().some((other) => other.id !== id && other.slug !== null && other.slug === state.slug))
    return taken();
  // In both steps: between them the portal may have changed.
  const { problems: refusals, ...review } = await reviewForm(services, { definition: state.definition, locale });
  const { here, elsewhere } = parted(refusals, section);
  if (Object.keys(here).length > 0) return refused(here, elsewhere);
  // New questions and options may not fit a field; the other sections change nothing of the deal.
  const brought =
    section === "questions"
      ? await broughtProblems(services, { problems: refusals, before: now.definition, locale })
      : {};
  if (Object.keys(brought).length > 0) return refused({}, Object.values(brought));
  const warnings = [...review.warnings, ...elsewhere];
  if (step !== "save") return { ...answer, outcome: "review", review: { ...review, warnings } };
  try {
    const change = await changeForm(services, { actor, id, seen: newest, change: () => state });
    return { ...answer, change, outcome: change === null ? "same" : "saved" };
  } catch (error) {
    if (isAppError(error, "INVALID")) return refused({});
    if (error instanceof SlugTakenError) return taken();
    // Another form was given such a question at the same moment: now its key is known, and the new one gets another.
    if (error instanceof QuestionKeyTakenError) return answerEditor(services, posted);
    if (!isAppError(error, "CONFLICT")) throw error;
    // Changed since it was looked up above: now that is found.
    return answerEditor(services, posted);
  }
}

interface Posted {
  actor: Actor;
  id: number;
  section: FormSection;
  form: FormData;
  locale: Locale;
}

interface Sent extends Pick<Posted, "id" | "section" | "locale"> {
  seen: number;
  newest: number;
  now: FormState;
  typed: Typed;
}

/** What was typed, merged with a colleague's change of the section after the page had been shown; null: there is none. */
async function overtakenBy(services: Services, { id, section, seen, newest, now, typed, locale }: Sent) {
  if (seen >= newest) return null;
  const shown = await stateAt(services, id, seen);
  if (!shown) return { typed, said: {}, elsewhere: [] };
  if (isSameSection(section, shown, now)) return null;
  const textsOf = (own: FormState["definition"]["settings"]) => textsNow(services.env, own);
  const merged = mergeTyped({ section, shown, now, typed, textsOf });
  return { typed: merged.typed, ...overtakenWords(merged, shown, locale) };
}

/** What the portal refuses of this section's settings, and of the others'. */
function parted(problems: Record<string, string>, section: FormSection) {
  const isHere = (key: string) => settingsOfSection[section].some((each) => each === key);
  const all = Object.entries(problems);
  return {
    here: Object.fromEntries(all.filter(([key]) => isHere(key))),
    elsewhere: all.flatMap(([key, words]) => (isHere(key) ? [] : [words])),
  };
}
