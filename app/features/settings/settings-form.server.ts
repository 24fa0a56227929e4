import { ownField, personField, removeField, seenField, stepField } from "~/features/settings/form-fields";
import { textOfRows } from "~/features/settings/map-rows";
import { settingsTexts } from "~/features/settings/texts";
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

/**
 * Checks the posted texts; saves them if the form is that of the second step, and else says what they would change.
 * `beforeSaving` may interrupt what names a receiver of people's data.
 */
export async function answerSettings(
  services: Services,
  { actor, group, form, locale }: { actor: Actor; group: SettingGroup; form: FormData; locale: Locale },
  beforeSaving: (changes: Changes) => Promise<void>,
): Promise<SettingsAnswer> {
  const newest = await newestChange(services);
  const sent = readTexts(services, group, form);
  const seen = parseSeenId(form.get(seenField));
  // The second step shows what it changes from what, and is refused if that is no longer so.
  const isFirst = seen !== undefined && form.get(stepField) === null;
  const { untouched, overtaken } = isFirst
    ? await changedSince(services, { texts: sent, seen, own: parseSeenId(form.get(ownField)) })
    : { untouched: [], overtaken: [] };
  const texts = Object.fromEntries(Object.entries(sent).filter(([key]) => !untouched.some((each) => each === key)));
  const said = Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => {
      const read = readSetting(key as SettingKey, text, services.env);
      return "problem" in read ? [[key, read.problem[locale]]] : [];
    }),
  );
  if (!said.timeZone) {
    const problem = await zoneProblem(services, texts);
    if (problem) said.timeZone = problem[locale];
  }
  for (const key of overtaken) said[key] ??= settingsTexts[locale].overtaken;
  const answer = { texts, said, seen: newest, changes: {}, review: null, status: 200 };
  if (Object.keys(said).length > 0) return { ...answer, outcome: "refused", status: 400 };
  const changes = await plannedChanges(services, texts);
  if (Object.keys(changes).length === 0) return { ...answer, outcome: "same" };
  // In both steps: between them the portal may have changed.
  const { problems, ...review } = await reviewSettings(services, { group, texts, changes, locale });
  if (Object.keys(problems).length > 0) return { ...answer, said: problems, outcome: "refused", status: 400 };
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
    return { ...answer, outcome: "conflict", status: error.status };
  }
}
