import { threeWay } from "../platform/three-way";
import type { FormState } from "./change";
import { type FormSettings, freeFields } from "./definition";
import {
  type FormSection,
  idOf,
  inputOf,
  newIdsIn,
  orderOf,
  settingsOfSection,
  shownItems,
  type Typed,
} from "./draft-inputs";
import { optionLines } from "./option-lines";

const languages = ["en", "ru"] as const;

/** A box that is not ticked is not sent. */
export const boxes = /^(required|ask|own)\./;

/** The inputs of a section as its page shows them, without the places of the questions; a box is "on" or blank. */
function inputsIn(
  { name, slug, closedAt, definition }: FormState,
  section: FormSection,
  textsOf: (own: FormSettings) => Record<string, string>,
): Typed {
  const { heading, lead, after, settings } = definition;
  switch (section) {
    case "questions":
      return Object.assign(
        Object.fromEntries(
          languages.flatMap((language) => [
            [`heading.${language}`, heading[language]],
            [`lead.${language}`, lead[language]],
          ]),
        ),
        ...shownItems({ name, slug, closedAt, definition }).map((item, index) =>
          inputsOfItem(item, index < definition.items.length),
        ),
      );
    case "after": {
      const text = after.kind === "text" ? after.text : { en: "", ru: "" };
      const address = after.kind === "address" ? after.address : "";
      return { "after.kind": after.kind, "after.text.en": text.en, "after.text.ru": text.ru, "after.address": address };
    }
    case "page":
      return { name, ...(slug === null ? {} : { slug }), open: closedAt === null ? "yes" : "no" };
    default: {
      const texts = textsOf(settings);
      return Object.fromEntries(
        settingsOfSection[section].flatMap((key) => [
          [inputOf("own", key), settings[key] === undefined ? "" : "on"],
          [key, texts[key] ?? ""],
        ]),
      );
    }
  }
}

function inputsOfItem(item: FormState["definition"]["items"][number], isAsked: boolean): Typed {
  const id = idOf(item);
  const { label, help, required } = "field" in item ? item : item.question;
  const words = languages.flatMap((language) => [
    [inputOf("label", id, language), label[language]],
    [inputOf("help", id, language), help[language]],
  ]);
  const isFree = "field" in item && freeFields.includes(item.field);
  return {
    ...Object.fromEntries(words),
    [inputOf("required", id)]: required ? "on" : "",
    ...(isFree ? { [inputOf("ask", id)]: isAsked ? "on" : "" } : {}),
    ...("field" in item
      ? {}
      : {
          [inputOf("options", id)]: optionLines(item.question.options),
          [inputOf("parameter", id)]: item.question.parameter,
        }),
  };
}

/** Without which an input has no effect: a box, or what happens afterwards, and what it has to be; blank: nothing. */
function switchOf(name: string, inputs: Typed): [by: string, value: string] {
  const [part = "", id = ""] = name.split(".");
  if (part === "after") return id === "kind" ? ["", ""] : ["after.kind", id];
  const box = [inputOf("own", name), inputOf("ask", id)].find((each) => each !== name && each in inputs);
  return [box ?? "", "on"];
}

export interface MergedTyped {
  /** What was typed, with a colleague's change wherever nothing else was typed. */
  typed: Typed;
  /** By input: what a colleague has changed where something else was typed, as it is now. */
  overtaken: Typed;
  /** Whether both have changed the order of the questions. */
  isOrderOvertaken: boolean;
  /** What a colleague has taken from the page: the item's id, and what was typed into its inputs. */
  gone: { id: string; typed: string[] }[];
}

interface Given {
  section: FormSection;
  /** The form as the page showed it that was sent. */
  shown: FormState;
  now: FormState;
  typed: Typed;
  /** The settings that apply with a form's own ones. */
  textsOf: (own: FormSettings) => Record<string, string>;
}

/** What was typed, merged with what a colleague has changed since the page was shown. */
export function mergeTyped({ section, shown, now, typed, textsOf }: Given): MergedTyped {
  const [before, after] = [inputsIn(shown, section, textsOf), inputsIn(now, section, textsOf)];
  const sent = Object.keys(before).filter(
    (name) => (boxes.test(name) || typed[name] !== undefined) && after[name] !== undefined,
  );
  const wanted = (name: string) => plain(typed[name]);
  const compared = threeWay(sent, { shown: (name) => before[name], wanted, now: (name) => after[name] });
  // What was typed below a box or a kind is lost as well where a colleague's takes its place.
  const needed = new Set(
    sent.flatMap((name) => {
      const [by, value] = switchOf(name, before);
      return by !== "" && wanted(by) === value && wanted(name) !== before[name] ? [by] : [];
    }),
  );
  const found = {
    theirs: compared.theirs.filter((name) => !needed.has(name)),
    overtaken: [...compared.overtaken, ...compared.theirs.filter((name) => needed.has(name))],
  };
  const valuesNow = (names: string[]): Typed => Object.fromEntries(names.map((name) => [name, after[name] ?? ""]));
  const result = { ...typed, ...valuesNow(found.theirs) };
  const overtaken = valuesNow(found.overtaken);
  if (section !== "questions") return { typed: result, overtaken, isOrderOvertaken: false, gone: [] };
  const ids = (state: FormState) => shownItems(state).map(idOf);
  const left = new Set(ids(now));
  const gone = ids(shown)
    .filter((id) => !left.has(id) && !typed[inputOf("drop", id)])
    .map((id) => {
      const own = Object.keys(before).filter((name) => name.split(".")[1] === id && wanted(name) !== before[name]);
      return { id, typed: own.map(wanted).filter(Boolean) };
    });
  return { ...placed({ shown, now, typed: result }), overtaken, gone };
}

/** With a colleague's order where the page's was not touched. */
function placed({ shown, now, typed }: Pick<Given, "shown" | "now" | "typed">) {
  const added = new Set(newIdsIn(typed));
  const stay = (ids: string[], other: string[]) => ids.filter((id) => other.includes(id)).join();
  const [before, after] = [shownItems(shown).map(idOf), shownItems(now).map(idOf)];
  const wanted = orderOf(shown, typed).filter((id) => !added.has(id));
  const isMoved = stay(before, after) !== stay(after, before);
  if (!isMoved || stay(wanted, after) === stay(after, wanted)) return { typed, isOrderOvertaken: false };
  if (wanted.join() !== before.join()) return { typed, isOrderOvertaken: true };
  // What was not on the page that was sent gets none: by its place it would count as sent.
  const sent = (id: string) => inputOf("place", id) in typed;
  const places = after.flatMap((id, index) => (sent(id) ? [[inputOf("place", id), String(index + 1)]] : []));
  return { typed: { ...typed, ...Object.fromEntries(places) }, isOrderOvertaken: false };
}

/** As it is stored: browsers send line breaks of their own. */
const plain = (text = ""): string => text.replaceAll("\r\n", "\n").trim();
