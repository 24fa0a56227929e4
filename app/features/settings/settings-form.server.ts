import { ownField, personField, removeField, seenField, stepField } from "~/features/settings/form-fields";
import { textOfRows } from "~/features/settings/map-rows";
import { overtakenTexts } from "~/features/settings/overtaken-texts";
import { settingText } from "~/features/settings/setting-text";
import type { Locale } from "~/i18n/locale";
import type { Actor } from "~server/audit/actor";
import { isAppError } from "~server/platform/errors";
import { parseSeenId } from "~server/platform/ids";
import { type DryRun, tryDryRun } from "~server/preview/dry-run";
import { draftEnv, type Review, reviewSettings } from "~server/preview/review";
import type { Services } from "~server/services";
import {
  type Changes,
  changedSince,
  newestChange,
  plannedChanges,
  type SettingTexts,
  saveSettings,
  storedSettings,
} from "~server/settings/change";
import { type SettingGroup, type SettingKey, setting, settingKeys } from "~server/settings/definitions";
import { readSetting } from "~server/settings/read-setting";
import { isSealed, sealText } from "~server/settings/secret-text";
import { isLocked } from "~server/settings/settings";
import { zoneProblem } from "~server/settings/zone-problem";

/** What the page says about the posted form. */
export interface SettingsAnswer {
  outcome: "review" | "saved" | "same" | "refused" | "conflict";
  status: number;
  /** As they were typed. */
  texts: SettingTexts;
  /** What a colleague has changed meanwhile, and the form did not. */
  theirs: SettingTexts;
  /** Words about refused texts. */
  said: SettingTexts;
  /** The newest change that the page knows of from now on. */
  seen: number;
  changes: Changes;
  /** The saved change, which can be undone. */
  change?: number | null | undefined;
  /** What the portal says to the changes, while they are not saved. */
  review: Pick<Review, "warnings" | "preview" | "letters" | "silent"> | null;
  /**
   * The person whose number was given, and what the changed settings would make of that registration; null: no person has
   * that number, or the portal does not answer.
   */
  dryRun?: { who: string; run: DryRun | null } | undefined;
}

/** The texts of a page's settings that the form brought. Locked ones are not in it; a field of another page is ignored. */
function readTexts({ env }: Pick<Services, "env">, group: SettingGroup, form: FormData): SettingTexts {
  return Object.fromEntries(
    settingKeys.flatMap((key) => {
      const { input } = setting(key);
      const text =
        input === "map" ? mapOf(form, key) : input === "secret" ? secretOf(env, form, key) : textOf(form.getAll(key));
      // A picture is uploaded on a page of its own.
      const isOfPage = input !== "picture" && setting(key).group === group && !isLocked({ env }, key);
      return isOfPage && text !== null ? [[key, text]] : [];
    }),
  );
}

/** Ticked boxes are values of their own, beside a blank one that says that the list was shown. */
export const textOf = (values: FormDataEntryValue[]): string | null =>
  values.length > 0
    ? values
        .map(String)
        .filter((value) => values.length === 1 || value !== "")
        .join(", ")
    : null;

/**
 * A secret, sealed at once: the page that asks whether to save it does not hold it. An empty field keeps what is stored,
 * a tick removes it.
 */
function secretOf(env: Services["env"], form: FormData, key: SettingKey): string | null {
  if (form.get(removeField(key)) === "on") return "";
  const text = String(form.get(key) ?? "").trim();
  if (text === "") return form.get(stepField) === "save" ? textOf(form.getAll(key)) : null;
  return isSealed(text) ? text : sealText(env, key, text);
}

/** The lines of the first step, or the text of the second. */
export function mapOf(form: FormData, key: string): string | null {
  const sources = form.getAll(`${key}.source`).map(String);
  if (sources.length === 0) return textOf(form.getAll(key));
  const [constants, targets] = [form.getAll(`${key}.text`), form.getAll(`${key}.target`)];
  return textOfRows(
    sources.map((source, line) => ({
      source,
      constant: String(constants[line] ?? ""),
      target: String(targets[line] ?? ""),
    })),
  );
}

interface Posted {
  actor: Actor;
  group: SettingGroup;
  form: FormData;
  locale: Locale;
}

/**
 * Checks the posted texts; saves them if the form is that of the second step, and else says what they would change. What was
 * typed is never lost, also where another administrator has changed the same meanwhile; what was not touched keeps their change.
 * `beforeSaving` may interrupt what names a receiver of people's data.
 */
export async function answerSettings(
  services: Services,
  posted: Posted,
  beforeSaving: (changes: Changes) => Promise<void>,
): Promise<SettingsAnswer> {
  const { actor, group, form, locale } = posted;
  const newest = await newestChange(services);
  const sent = readTexts(services, group, form);
  const seen = parseSeenId(form.get(seenField));
  const { untouched, overtaken } =
    seen === undefined
      ? { untouched: [], overtaken: [] }
      : await changedSince(services, { texts: sent, seen, own: parseSeenId(form.get(ownField)) });
  const now = await storedSettings(services);
  const texts = Object.fromEntries(Object.entries(sent).filter(([key]) => !untouched.some((each) => each === key)));
  const shownNow = (key: SettingKey) => (setting(key).input === "secret" ? "" : (now[key] ?? setting(key).usual ?? ""));
  const theirs = Object.fromEntries(untouched.map((key) => [key, shownNow(key)]));
  const problems = Object.entries(texts).flatMap(([key, text]): [string, string][] => {
    const read = readSetting(key as SettingKey, text, services.env);
    return "problem" in read ? [[key, read.problem[locale]]] : [];
  });
  const zone = problems.some(([key]) => key === "timeZone") ? null : await zoneProblem(services, texts);
  if (zone) problems.push(["timeZone", zone[locale]]);
  const said = wordsByField(
    problems,
    overtaken.map((key): [string, string] => [key, nowWords(key, now, locale)]),
  );
  const answer = { texts, theirs, said, seen: newest, changes: {}, review: null, status: 200 };
  const conflict = { ...answer, outcome: "conflict" as const, status: 409 };
  if (overtaken.length > 0) return conflict;
  if (problems.length > 0) return { ...answer, outcome: "refused", status: 400 };
  const changes = await plannedChanges(services, texts);
  if (Object.keys(changes).length === 0) return { ...answer, outcome: "same" };
  // In both steps: between them the portal may have changed.
  const { problems: refused, ...review } = await reviewSettings(services, { group, texts, changes, locale });
  if (Object.keys(refused).length > 0) return { ...answer, said: refused, outcome: "refused", status: 400 };
  if (form.get(stepField) !== "save") {
    const who = String(form.get(personField) ?? "").trim();
    const tried = who === "" ? {} : { dryRun: { who, run: await tryDryRun(services, draftEnv(services, texts), who) } };
    return { ...answer, outcome: "review", changes, review, ...tried };
  }
  await beforeSaving(changes);
  try {
    const { changes: saved, id } = await saveSettings(services, { actor, texts, seen: seen ?? 0 });
    return { ...answer, outcome: "saved", changes: saved, change: id };
  } catch (error) {
    if (!isAppError(error, "CONFLICT")) throw error;
    if (seen === undefined) return conflict;
    // Changed since it was looked up above: now that is found, whichever change the form names as its own.
    form.delete(ownField);
    return answerSettings(services, posted, beforeSaving);
  }
}

/** All that is said about a field, in one text. */
const wordsByField = (...said: [string, string][][]): SettingTexts =>
  said.flat().reduce<Record<string, string>>((all, [key, words]) => {
    all[key] = [all[key], words].filter(Boolean).join(" ");
    return all;
  }, {});

/** What a colleague has set. */
const nowWords = (key: SettingKey, stored: SettingTexts, locale: Locale): string =>
  setting(key).input === "secret"
    ? overtakenTexts[locale].nowSecret(Boolean(stored[key]))
    : overtakenTexts[locale].now(settingText(key, stored[key] ?? null, locale));
