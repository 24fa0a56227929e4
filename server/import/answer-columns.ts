import type { Question } from "../forms/definition";
import { answerField } from "../forms/questions";
import { folded } from "../platform/folded";
import { cellText } from "./cell";
import { answerTarget, type OwnTarget, remarkInHeader, type Target } from "./columns";
import { plainHeader } from "./plain-header";

/** A column's header, and the field that headers like it usually name. */
interface Named {
  cell: string;
  own: OwnTarget | null;
}

const fold = (text: string): string => folded(cellText(text));
const labelsOf = ({ label }: Question): string[] => [label.en, label.ru].filter((text) => text.trim() !== "");

/**
 * The meaning of columns, among them answers: known by the question's label in either language, its key, or both, as
 * our own export writes them. A header that usually names a field of every person names a question only if another
 * column holds that field, so that a question "Work phone" takes no list's only phone away.
 */
export function answerColumns(header: readonly Named[], questions: readonly Question[]): (Target | null)[] {
  const exact = header.map(({ cell }) => named(cell, questions, (text) => fold(text)));
  return header.map(({ cell, own }, place) => {
    const marked = withKey(cell, questions);
    if (marked) return answerTarget(marked.key);
    const question = exact[place] ?? (own === null ? named(cell, questions, plainHeader) : undefined);
    if (!question) return own;
    const isElsewhere = header.some((other, at) => at !== place && other.own === own && !exact[at]);
    return own === null || isElsewhere ? answerTarget(question.key) : own;
  });
}

/** The only question that the header names; several of the same words are told apart by their keys. */
function named(cell: string, questions: readonly Question[], spelling: (text: string) => string): Question | undefined {
  const text = spelling(cell);
  if (text === "") return undefined;
  const byKey = questions.find(({ key }) => [key, answerField(key), answerTarget(key)].includes(fold(cell)));
  if (byKey) return byKey;
  const found = questions.filter((question) => labelsOf(question).some((label) => spelling(label) === text));
  return found.length === 1 ? found[0] : undefined;
}

/** "Size (size_2)": the label and the key. */
function withKey(cell: string, questions: readonly Question[]): Question | undefined {
  const key = remarkInHeader.exec(cell)?.[1]?.trim();
  const label = fold(cell.replace(remarkInHeader, ""));
  return questions.find((question) => question.key === key && labelsOf(question).some((text) => fold(text) === label));
}
