import type { FieldDescriptions } from "../bitrix24/sent-fields";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { type AskedOfPeople, unaskedSource } from "../connection-check/check-field-map";
import { answerKinds } from "../crm/answers";
import { siteQuestions } from "../forms/questions";
import type { Letter } from "../notices/letters";
import { reviewAlerts } from "../notices/review-alerts";
import type { Env } from "../platform/env";
import type { Locale } from "../platform/locales";
import type { Services } from "../services";
import type { Changes, SettingTexts } from "../settings/change";
import { type SettingGroup, type SettingKey, setting } from "../settings/definitions";
import { readSetting, type SettingValues } from "../settings/read-setting";
import { overlay } from "../settings/settings";
import { checkSettings, warningsOfForms } from "./check-settings";
import { type PortalChoices, readChoices, readScopes } from "./choices";
import { exampleAnswers } from "./example-answers";
import { objections } from "./objection-texts";
import { examplePerson, type Preview, previewRegistration } from "./preview";
import { reviewLetters, unaskedInLetters } from "./review-letters";

type Deps = Pick<Services, "env" | "bitrix24" | "forms" | "consents">;

/** What the portal says to changed settings, and what the next registration would make with them. */
export interface Review {
  /** Words about settings that cannot be saved. */
  problems: SettingTexts;
  warnings: string[];
  preview: Preview | null;
  /** The mails that the next registration makes; left out where the settings do not concern them. */
  letters?: Letter[] | undefined;
  /** The portal did not answer: nothing was compared with it. */
  silent: boolean;
}

/** The pages whose settings concern the portal. */
const portalGroups: readonly SettingGroup[] = ["deal", "fields", "payment"];
export const concernsPortal = (group: SettingGroup): boolean => portalGroups.includes(group);

/** A page of settings must come soon, also while the portal hangs. */
const choicesWithinMs = 5_000;

/** The portal's lists for a page of settings; null if it does not answer soon. */
export const offeredChoices = ({ bitrix24, env }: Pick<Deps, "bitrix24" | "env">): Promise<PortalChoices | null> =>
  soon(readChoices(bitrix24, env.BITRIX24_ASSIGNED_BY_IDS));

/** The portal's fields of contact and deal for a page of settings; null if it does not answer soon. */
export const offeredFields = ({ bitrix24 }: Pick<Deps, "bitrix24">): Promise<FieldDescriptions | null> =>
  soon(bitrix24.fields.read({ fresh: true }));

/** Null for what the portal does not answer soon. */
export async function soon<T>(reading: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, choicesWithinMs, null);
  });
  try {
    return await Promise.race([reading, late]);
  } catch (error) {
    if (error instanceof Bitrix24Error) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The environment as it would be with these texts. */
export function draftEnv({ env }: Pick<Deps, "env">, texts: SettingTexts): Env {
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(texts)) {
    const read = readSetting(key as SettingKey, text, env);
    if ("value" in read) values[setting(key as SettingKey).env] = read.value;
  }
  return overlay(env, () => values as SettingValues);
}

interface Draft {
  group: SettingGroup;
  texts: SettingTexts;
  changes: Changes;
  locale: Locale;
}

/** Asks for the webhook's permissions only where messages in the portal are wanted. */
async function reviewNotices(services: Deps, { texts, changes, locale }: Draft) {
  const { bitrix24, forms } = services;
  const env = draftEnv(services, texts);
  const questions = siteQuestions(forms.all());
  const problems = unaskedInLetters(changes, questions, locale);
  const scopes = env.RESPONSIBLE_MESSAGE === "on" ? await soon(readScopes(bitrix24)) : null;
  return { problems, ...reviewLetters({ env, bitrix24, scopes, questions }, locale) };
}

/** Compares changes with the portal and previews them; changes that do not concern it are only shown. */
export async function reviewSettings(services: Deps, draft: Draft): Promise<Review> {
  const { group, texts, changes, locale } = draft;
  const nothing: Review = { problems: {}, warnings: [], preview: null, silent: false };
  if (group === "alerts") return { ...nothing, ...reviewAlerts(draftEnv(services, texts), locale) };
  if (group === "letters") return { ...nothing, ...(await reviewNotices(services, draft)) };
  if (!concernsPortal(group)) return nothing;
  const env = draftEnv(services, texts);
  const questions = siteQuestions(services.forms.all());
  const asked = { answers: answerKinds(questions), consents: askedConsents(services) };
  const changed = Object.keys(changes) as SettingKey[];
  try {
    const choices = await readChoices(services.bitrix24, env.BITRIX24_ASSIGNED_BY_IDS);
    const described = await services.bitrix24.fields.read({ fresh: true });
    const verdict = await checkSettings(services, {
      env,
      changed,
      choices,
      described,
      asked,
    });
    const problems = Object.fromEntries(Object.entries(verdict.problems).map(([key, words]) => [key, words[locale]]));
    const warnings = [...verdict.warnings, ...warningsOfForms(services, env, changed)].map((words) => words[locale]);
    if (Object.keys(problems).length > 0) return { ...nothing, problems, warnings };
    const person = { ...examplePerson(env, locale), answers: exampleAnswers(questions, locale) };
    return { ...nothing, warnings, preview: await previewRegistration(services, { env, person }) };
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    return { ...nothing, problems: changed.includes("fields") ? unaskedProblem(env, asked, locale) : {}, silent: true };
  }
}

/** The keys of the consents that people are asked for. */
export const askedConsents = ({ consents }: Pick<Services, "consents">): Set<string> =>
  new Set(consents.kinds().flatMap(({ key, retired }) => (retired ? [] : [key])));

/** What is said against a field map also where the portal does not answer. */
export function unaskedProblem(env: Env, asked: AskedOfPeople, locale: Locale): SettingTexts {
  const fault = unaskedSource(env, asked);
  return fault ? { fields: objections[fault.code](fault.what)[locale] } : {};
}
