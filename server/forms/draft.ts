import { hasUnfitCharacters } from "../platform/clean-text";
import type { Words } from "../settings/definitions";
import { readSetting } from "../settings/read-setting";
import { isAfterAddress } from "./after";
import { type FormState, isSlug } from "./change";
import {
  type AfterRegistration,
  type FormItem,
  type FormSettings,
  type FormWords,
  formSettingKeys,
  freeFields,
  type Question,
  type QuestionKind,
  type QuestionOption,
  questionKinds,
} from "./definition";
import { absentFields, idOf, inputOf, newQuestion, type Typed } from "./draft-inputs";
import { draftTexts } from "./draft-texts";
import { readOptions } from "./option-lines";
import { newKey } from "./question-key";

export interface Draft {
  state: FormState;
  /** Words about what cannot be saved, by the name of the input. */
  problems: Record<string, Words>;
}

const longestText = 2_000;
const longestLabel = 200;

/**
 * The form as it would be with what was typed; `used`: keys of questions that are taken. It has every item that stood in
 * the page; items that another administrator has added meanwhile stay as they are.
 */
export function draftOf(now: FormState, typed: Typed, used: Set<string>): Draft {
  const problems: Draft["problems"] = {};
  const text = (name: string, most = longestText): string => {
    const value = (typed[name] ?? "").trim();
    // Texts of more than one line are typed too, and tables are pasted.
    if (hasUnfitCharacters(value.replace(/[\r\n\t]/g, " "))) problems[name] = draftTexts.unfit;
    if (value.length > most) problems[name] = draftTexts.tooLong(most);
    return value;
  };
  const words = (name: string, most?: number): FormWords => ({
    en: text(`${name}.en`, most),
    ru: text(`${name}.ru`, most),
  });

  const { definition } = now;
  const items = placed(now, typed, (item) => itemOf(item));
  const added = addedQuestion();
  if (added) items.push({ question: added });
  const dropped = definition.items.flatMap((item) =>
    "question" in item && typed[inputOf("drop", idOf(item))] ? [item.question] : [],
  );
  const slug = now.slug === null ? null : text("slug", 40).toLowerCase();
  if (slug !== null && !isSlug(slug)) problems.slug = draftTexts.slug;
  return {
    problems,
    state: {
      ...now,
      slug,
      name: text("name", longestLabel),
      definition: {
        ...definition,
        heading: words("heading", longestLabel),
        lead: words("lead"),
        items,
        removed: [...definition.removed, ...dropped],
        after: afterOf(),
        settings: settingsOf(),
      },
    },
  };

  function itemOf(item: FormItem): FormItem | null {
    const id = idOf(item);
    const label = words(inputOf("label", id), longestLabel);
    const help = words(inputOf("help", id));
    const required = Boolean(typed[inputOf("required", id)]);
    if ("field" in item) {
      if (freeFields.includes(item.field) && !typed[inputOf("ask", id)]) return null;
      return { ...item, label, help, required: required || !freeFields.includes(item.field) };
    }
    if (typed[inputOf("drop", id)]) return null;
    const { kind } = item.question;
    if (!label.en && !label.ru) problems[inputOf("label", id, "en")] = draftTexts.label;
    return { question: { ...item.question, label, help, required, ...ofKind(kind, id, item.question.options) } };
  }

  function ofKind(
    kind: QuestionKind,
    id: string,
    before: QuestionOption[] = [],
  ): Pick<Question, "options" | "parameter"> {
    const isChoice = kind === "choice" || kind === "choices";
    const read = isChoice ? readOptions(text(inputOf("options", id), 20_000), before) : [];
    const options = read ?? before;
    if (read === null) problems[inputOf("options", id)] = draftTexts.unclear;
    if (isChoice && options.length < 2) problems[inputOf("options", id)] = draftTexts.options;
    const written = options.flatMap(({ value, label }) => [value, label.en, label.ru]);
    if (written.some(hasUnfitCharacters)) problems[inputOf("options", id)] = draftTexts.unfit;
    if (written.some(({ length }) => length > longestLabel))
      problems[inputOf("options", id)] = draftTexts.tooLong(longestLabel);
    const parameter = kind === "hidden" ? text(inputOf("parameter", id), 100) : "";
    if (kind === "hidden" && !/^[\w.-]+$/.test(parameter)) problems[inputOf("parameter", id)] = draftTexts.parameter;
    return { options, parameter };
  }

  function addedQuestion(): Question | null {
    const label = words(inputOf("label", newQuestion), longestLabel);
    if (!label.en && !label.ru) return null;
    const kind = questionKinds.find((each) => each === typed[inputOf("kind", newQuestion)]) ?? "text";
    return {
      key: newKey(label.en || label.ru, used),
      kind,
      label,
      help: words(inputOf("help", newQuestion)),
      required: kind !== "hidden" && Boolean(typed[inputOf("required", newQuestion)]),
      ...ofKind(kind, newQuestion),
    };
  }

  function afterOf(): AfterRegistration {
    const kind = typed["after.kind"];
    if (kind === "text") {
      const shown = words("after.text");
      if (!shown.en && !shown.ru) problems["after.text.en"] = draftTexts.after;
      return { kind, text: shown };
    }
    if (kind !== "address") return { kind: "account" };
    const address = text("after.address");
    if (!isAfterAddress(address)) problems["after.address"] = draftTexts.address;
    return { kind, address };
  }

  function settingsOf(): FormSettings {
    const own: FormSettings = {};
    for (const key of formSettingKeys) {
      if (!typed[inputOf("own", key)]) continue;
      const value = (typed[key] ?? "").trim();
      const read = readSetting(key, value);
      if ("problem" in read) problems[key] = read.problem;
      own[key] = value;
    }
    return own;
  }
}

/** The items in the order of the numbers beside them, without those that are taken away. */
function placed(now: FormState, typed: Typed, change: (item: FormItem) => FormItem | null): FormItem[] {
  const left = absentFields(now);
  const all = [...now.definition.items, ...left].map((item, index) => {
    const isShown = inputOf("place", idOf(item)) in typed;
    const place = Number(typed[inputOf("place", idOf(item))]);
    const shown = isShown ? change(item) : left.includes(item) ? null : item;
    return { shown, place: Number.isFinite(place) && isShown ? place : index + 1, index };
  });
  return all.sort((a, b) => a.place - b.place || a.index - b.index).flatMap(({ shown }) => shown ?? []);
}
