import { cleanText } from "../platform/clean-text";
import type { FormWords, Question, QuestionOption } from "./definition";

/** Options as administrators type them, one a line: `Large`, `Large | Большой`, or `l = Large | Большой`. */

export const optionLines = (options: QuestionOption[]): string =>
  options
    .map(({ value, label: { en, ru } }) => {
      const words = ru && ru !== en ? `${en} | ${ru}` : en;
      return value === (en || ru) ? words : `${value} = ${words}`;
    })
    .join("\n");

interface Line {
  /** Blank: the line names none. */
  value: string;
  label: FormWords;
}

const wordsOf = ({ label }: Pick<Line, "label">): string[] => [label.en, label.ru].filter(Boolean);

/** The texts by which visitors know the option. */
const shownAs = (option: QuestionOption): string[] => {
  const words = wordsOf(option);
  return words.length > 0 ? words : [option.value];
};

/**
 * The options that the lines make of those before, cleaned like the answers that are compared with them. What is stored of
 * a line without a value of its own is its first words; but a line whose words alone were changed keeps the value, since
 * answers hold it: it is known by its other language, else by its place among the lines that did not change. A line with
 * words of a former option offers that one again; the value of one that had other words is left to the answers that hold
 * it. Null where lines have the same value and different words, or where lines were changed, added and removed at one
 * place, so that nobody can tell which option a line was.
 */
export function readOptions(
  text: string,
  known: Pick<Question, "options" | "former"> = { options: [], former: [] },
): QuestionOption[] | null {
  // No answer can hold a value that is not clean.
  const isClean = ({ value }: QuestionOption) => value === cleanText(value);
  const [before, former] = [known.options.filter(isClean), known.former.filter(isClean)];
  const lines = text.split(/\r?\n/).flatMap((line) => readLine(line) ?? []);
  const values: (string | undefined)[] = lines.map((line) => {
    const first = line.value || wordsOf(line)[0];
    return line.value || before.some(({ value }) => value === first) ? first : undefined;
  });
  const taken = new Set(values);
  for (const options of [before, former])
    for (const [place, line] of lines.entries()) {
      if (values[place] !== undefined) continue;
      const words = wordsOf(line);
      const same = options.filter(
        (each) => !taken.has(each.value) && shownAs(each).some((word) => words.includes(word)),
      );
      const found = same.length === 1 ? same[0] : same.find(({ value }) => value === words[0]);
      if (!found) continue;
      values[place] = found.value;
      taken.add(found.value);
    }
  const used = new Set([...[...before, ...former].map(({ value }) => value), ...taken, ...lines.map(firstOf)]);
  const gone = byPlace(
    before,
    before.map(({ value }) => (taken.has(value) ? value : undefined)),
  );
  for (const [after, changed] of byPlace([...lines.keys()], values)) {
    const were = gone.get(after) ?? [];
    if (were.length > 0 && were.length !== changed.length) return null;
    for (const [index, place] of changed.entries())
      values[place] = were[index]?.value ?? newValue(firstOf(lines[place] as Line), former, used);
  }
  const options = new Map<string, QuestionOption>();
  for (const [place, { label }] of lines.entries()) {
    const value = values[place] as string;
    const other = options.get(value)?.label;
    if (other && (other.en !== label.en || other.ru !== label.ru)) return null;
    options.set(value, { value, label });
  }
  return [...options.values()];
}

const firstOf = (line: Line): string => wordsOf(line)[0] ?? line.value;

/** The words themselves; with a number behind them where answers to a former option hold them. */
function newValue(words: string, former: readonly QuestionOption[], used: ReadonlySet<string | undefined>): string {
  if (!former.some(({ value }) => value === words)) return words;
  let number = 2;
  while (used.has(`${words} ${number}`)) number += 1;
  return `${words} ${number}`;
}

function readLine(line: string): Line | null {
  const [, named, words = ""] = /^(?:([^=|]*)=)?(.*)$/.exec(line) ?? [];
  const [en = "", ru = ""] = words.split("|").map(cleanText);
  const value = cleanText(named ?? "");
  return value || en || ru ? { value, label: { en, ru } } : null;
}

/** The items without a value, by the value before them. */
function byPlace<Item>(items: readonly Item[], values: (string | undefined)[]): Map<string | undefined, Item[]> {
  const places = new Map<string | undefined, Item[]>();
  let after: string | undefined;
  for (const [index, item] of items.entries()) {
    const value = values[index];
    if (value === undefined) places.set(after, [...(places.get(after) ?? []), item]);
    else after = value;
  }
  return places;
}
