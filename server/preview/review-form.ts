import { crmSettingsOf } from "../bitrix24/crm-settings";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { answerKinds } from "../crm/answers";
import type { FormDefinition, FormSettingKey, FormSettings } from "../forms/definition";
import { envOfForm } from "../forms/form-env";
import { questionsOf, siteQuestions } from "../forms/questions";
import type { Locale } from "../platform/locales";
import type { Services } from "../services";
import { checkSettings } from "./check-settings";
import { readChoices } from "./choices";
import { exampleAnswers } from "./example-answers";
import { examplePerson, previewRegistration } from "./preview";
import { askedConsents, type Review, soon, unaskedProblem } from "./review";

/**
 * Compares a form's own settings with the portal, and shows what its next registration would make with them. All of them
 * are compared, not only the changed ones: the site's settings below them may have changed since.
 */
export async function reviewForm(
  services: Pick<Services, "env" | "bitrix24" | "forms" | "consents">,
  { definition, locale }: { definition: FormDefinition; locale: Locale },
): Promise<Review> {
  const nothing: Review = { problems: {}, warnings: [], preview: null, silent: false };
  const { settings } = definition;
  const env = envOfForm(services.env, settings);
  // Also those that are only about to be added.
  const questions = new Map(questionsOf(definition.items).map((question) => [question.key, question]));
  const answers = answerKinds(new Map([...siteQuestions(services.forms.all()), ...questions]));
  const asked = { answers, consents: askedConsents(services) };
  const changed = Object.keys(settings) as FormSettingKey[];
  try {
    const choices = await readChoices(services.bitrix24, env.BITRIX24_ASSIGNED_BY_IDS);
    const described = await services.bitrix24.fields.read({ fresh: true });
    const verdict = await checkSettings(services, { env, changed, choices, described, asked });
    const problems = Object.fromEntries(
      Object.entries(verdict.problems).map(([key, words]) => [shownAt(key, settings), words[locale]]),
    );
    const warnings = verdict.warnings.map((words) => words[locale]);
    if (Object.keys(problems).length > 0) return { ...nothing, problems, warnings };
    const person = {
      ...examplePerson(env, locale),
      settings: crmSettingsOf(env),
      answers: exampleAnswers(questions, locale),
    };
    return { ...nothing, warnings, preview: await previewRegistration(services, { env, person }) };
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    return { ...nothing, problems: changed.includes("fields") ? unaskedProblem(env, asked, locale) : {}, silent: true };
  }
}

/**
 * What the portal says against a change of a form and not against the form before it: what was out of date already must
 * not keep the rest from being changed.
 */
export async function broughtProblems(
  services: Parameters<typeof reviewForm>[0],
  { problems, before, locale }: Pick<Review, "problems"> & { before: FormDefinition; locale: Locale },
): Promise<Review["problems"]> {
  if (Object.keys(problems).length === 0) return problems;
  const { problems: known } = await reviewForm(services, { definition: before, locale });
  return Object.fromEntries(Object.entries(problems).filter(([key, words]) => known[key as FormSettingKey] !== words));
}

/** What the next registration makes as the form is now, for its page; null if the portal does not answer soon. */
export const presentPreview = async (
  services: Parameters<typeof reviewForm>[0],
  wanted: Parameters<typeof reviewForm>[1],
): Promise<Pick<Review, "preview" | "warnings"> | null> => {
  const review = await soon(reviewForm(services, wanted));
  if (!review || review.silent) return null;
  return { preview: review.preview, warnings: [...review.warnings, ...Object.values(review.problems)] };
};

/** A price that the product lacks is said beside the product, where the form has no price of its own. */
const shownAt = (key: string, settings: FormSettings): string =>
  key === "price" && settings.price === undefined ? "product" : key;
