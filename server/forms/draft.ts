import { hasUnfitCharacters } from "../platform/clean-text";
import { locales } from "../platform/locales";
import type { Words } from "../settings/definitions";
import { plainLines, readSetting } from "../settings/read-setting";
import { isAfterAddress } from "./after";
import { type FormState, isSlug } from "./change";
import {
  type AfterRegistration,
  type FormItem,
  type FormSettings,
  type FormWords,
  freeFields,
  type Question,
  type QuestionKind,
  type QuestionOption,
  questionKinds,
} from "./definition";
import {
  absentFields,
  type FormSection,
  formSections,
  idOf,
  inputOf,
  inTypedOrder,
  newIdsIn,
  settingsOfSection,
  shownItems,
  type Typed,
} from "./draft-inputs";
import { draftTexts } from "./draft-texts";
import { readOptions } from "./option-lines";
import { newKey } from "./question-key";
import { everyOptionOf, formerOf, wordsIn } from "./questions";

export interface Draft {
  state: FormState;
  /** Words about what cannot be saved, by the name of the input. */
  problems: Record<string, Words>;
}

const longestText = 2_000;
const longestLabel = 200;
const longestOptions = 20_000;
const longestParameter = 100;

/**
 * The form as it would be with what was typed into these sections of its page; `used`: keys of questions that are taken,
 * to which those of new questions are added. The draft has every item that was on the page when it was sent; items that
 * another administrator has added meanwhile stay as they are.
 */
export function draftOf(
  now: FormState,
  typed: Typed,
  used: Set<string>,
  sections: readonly FormSection[] = formSections,
): Draft {
  const problems: Draft["problems"] = {};
  const text = (name: string, most = longestText): string => {
    const value = plainLines(typed[name] ?? "");
    // Texts of more than one line are typed too, and tables are pasted.
    if (hasUnfitCharacters(value.replace(/[\n\t]/g, " "))) problems[name] = draftTexts.unfit;
    if (value.length > most) problems[name] = draftTexts.tooLong(most);
    return value;
  };
  const words = (name: string, most?: number): FormWords => ({
    en: text(`${name}.en`, most),
    ru: text(`${name}.ru`, most),
  });

  const { definition } = now;
  const has = (section: FormSection) => sections.includes(section);
  return {
    problems,
    state: {
      ...now,
      ...(has("page") ? pageOf() : {}),
      definition: {
        ...definition,
        ...(has("questions") ? questionsOf() : {}),
        ...(has("after") ? { after: afterOf() } : {}),
        settings: settingsOf(),
      },
    },
  };

  function pageOf(): Pick<FormState, "slug" | "name" | "closedAt"> {
    const slug = now.slug === null ? null : text("slug", 40).toLowerCase();
    if (slug !== null && !isSlug(slug)) problems.slug = draftTexts.slug;
    const closedAt = typed.open === "no" ? (now.closedAt ?? new Date().toISOString()) : null;
    return { slug, name: text("name", longestLabel), closedAt: typed.open === undefined ? now.closedAt : closedAt };
  }

  function questionsOf(): Pick<FormState["definition"], "heading" | "lead" | "items" | "removed"> {
    const dropped = definition.items.flatMap((item) =>
      "question" in item && typed[inputOf("drop", idOf(item))] ? [item.question] : [],
    );
    const [back, removed] = split(definition.removed, ({ key }) => Boolean(typed[inputOf("back", key)]));
    return {
      heading: words("heading", longestLabel),
      lead: words("lead"),
      items: [...placed(), ...back.map((question) => ({ question }))],
      removed: [...removed, ...dropped],
    };
  }

  /** The items in the order of the numbers beside them, with the new questions and without what is taken away. */
  function placed(): FormItem[] {
    const left = absentFields(now);
    const shown = shownItems(now).map((item) => {
      const id = idOf(item);
      const isShown = inputOf("place", id) in typed;
      return { id, item: isShown ? itemOf(item) : left.includes(item) ? null : item };
    });
    const added = newIdsIn(typed).map((id) => {
      const question = addedQuestion(id);
      return { id, item: question && { question } };
    });
    return inTypedOrder([...shown, ...added], ({ id }) => id, typed).flatMap(({ item }) => item ?? []);
  }

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
    const read = ofKind(kind, id, item.question);
    const former = formerOf(everyOptionOf(item.question), read.options);
    return { question: { ...item.question, label, help, required, ...read, former } };
  }

  function ofKind(
    kind: QuestionKind,
    id: string,
    before: Pick<Question, "options" | "former"> = { options: [], former: [] },
  ): Pick<Question, "options" | "parameter"> {
    const isChoice = kind === "choice" || kind === "choices";
    const read = isChoice ? readOptions(text(inputOf("options", id), longestOptions), before) : [];
    const options = read ?? before.options;
    if (read === null) problems[inputOf("options", id)] = draftTexts.unclear;
    if (isChoice && options.length < 2) problems[inputOf("options", id)] = draftTexts.options;
    if (haveSameWords(options)) problems[inputOf("options", id)] = draftTexts.sameWords;
    const written = options.flatMap(({ value, label }) => [value, label.en, label.ru]);
    if (written.some(hasUnfitCharacters)) problems[inputOf("options", id)] = draftTexts.unfit;
    if (written.some(({ length }) => length > longestLabel))
      problems[inputOf("options", id)] = draftTexts.tooLong(longestLabel);
    const parameter = kind === "hidden" ? text(inputOf("parameter", id), longestParameter) : "";
    if (kind === "hidden" && !/^[\w.-]+$/.test(parameter)) problems[inputOf("parameter", id)] = draftTexts.parameter;
    return { options, parameter };
  }

  function addedQuestion(id: string): Question | null {
    const label = words(inputOf("label", id), longestLabel);
    const help = words(inputOf("help", id));
    if (!label.en && !label.ru) {
      const filled = [
        help.en,
        help.ru,
        text(inputOf("options", id), longestOptions),
        text(inputOf("parameter", id), longestParameter),
      ];
      // What was typed is not dropped without a word.
      if (filled.some(Boolean)) problems[inputOf("label", id, "en")] = draftTexts.label;
      return null;
    }
    const kind = questionKinds.find((each) => each === typed[inputOf("kind", id)]) ?? "text";
    return {
      key: newKey(label.en || label.ru, used),
      kind,
      label,
      help,
      required: kind !== "hidden" && Boolean(typed[inputOf("required", id)]),
      ...ofKind(kind, id),
      former: [],
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
    const own: FormSettings = { ...definition.settings };
    for (const key of sections.flatMap((section) => settingsOfSection[section])) {
      delete own[key];
      if (!typed[inputOf("own", key)]) continue;
      const value = (typed[key] ?? "").trim();
      const read = readSetting(key, value);
      if ("problem" in read) problems[key] = read.problem;
      own[key] = value;
    }
    return own;
  }
}

const split = <Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] => [
  items.filter(isFirst),
  items.filter((item) => !isFirst(item)),
];

/** Whether visitors of either language would see two options that they cannot tell apart. */
const haveSameWords = (options: readonly QuestionOption[]): boolean =>
  locales.some((locale) => {
    const shown = options.map(({ value, label }) => (wordsIn(label, locale) || value).toLowerCase());
    return new Set(shown).size < shown.length;
  });
