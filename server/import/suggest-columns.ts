import type { Question } from "../forms/definition";
import { answerColumns } from "./answer-columns";
import { columnNames, doubtfulNames, plainTagNames } from "./column-names";
import { type Columns, type OwnTarget, remarkInHeader, type Target, zoneOf } from "./columns";
import type { NamedForm } from "./form-names";
import { plainHeader as plain } from "./plain-header";
import { withoutRefusal } from "./refused-columns";

const index = (names: Partial<Record<OwnTarget, string>>) =>
  new Map(
    Object.entries(names).flatMap(([target, list]) =>
      list.split(/\s+/).map((name) => [name, target as OwnTarget] as const),
    ),
  );
const known = index(columnNames);
const plainTags = index(plainTagNames);
const doubtful = index(doubtfulNames);
/** Google and Outlook number these columns: "E-mail 1 - Value", "E-mail 2 Address". */
const numbered = new Set<OwnTarget>(["email", "phone"]);

const nameOf = (header: string): string => plain(header.replace(remarkInHeader, ""));
const isTag = (target: OwnTarget | undefined): boolean => target?.startsWith("utm_") === true;

/** What a header that is known means. */
export function targetOf(header: string): OwnTarget | undefined {
  const name = nameOf(header);
  const target = known.get(name) ?? plainTags.get(name);
  if (target) return target;
  const bare = known.get(name.replace(/\d+/g, ""));
  return bare && numbered.has(bare) ? bare : undefined;
}

/** Suggests the meaning of columns by their headers and, where headers do not tell, by the first lines. */
export function suggestColumns(
  header: string[],
  sample: string[][],
  questions: readonly Question[] = [],
  forms: readonly NamedForm[] = [],
): Columns {
  const hasTags = header.some((cell) => isTag(known.get(nameOf(cell))));
  const ownOf = (cell: string): OwnTarget | null => {
    const target = targetOf(cell) ?? null;
    if (hasTags && plainTags.has(nameOf(cell))) return null;
    return target === "form" && forms.length === 0 ? null : target;
  };
  const found: (Target | null)[] = answerColumns(
    withoutRefusal(header).map((cell) => ({ cell, own: ownOf(cell) })),
    questions,
  );
  let guessed = false;
  const guess = (place: number, target: Target) => {
    found[place] = target;
    guessed = true;
  };
  if (!found.some((target) => target === "firstName" || target === "fullName"))
    for (const [place, cell] of header.entries()) {
      const target = doubtful.get(plain(cell));
      if (target && !found.includes(target) && found[place] === null) guess(place, target);
    }
  for (const [target, looks] of [
    ["email", /^[^\s@,;:^|]+@[^\s@,;:^|][^\s@.,;:^|]*\.[^\s@,;:^|]+$/],
    ["phone", /^[+'="]{0,4}(?:\d[\s()./-]*){10,15}"?$/],
  ] as const) {
    if (found.includes(target)) continue;
    const place = header.findIndex((name, column) => {
      const cells = sample.map((row) => row[column] ?? "").filter((cell) => cell !== "");
      // If the header itself looks like a value, the list has no header.
      return found[column] === null && !looks.test(name) && cells.length > 0 && cells.every((cell) => looks.test(cell));
    });
    if (place >= 0) guess(place, target);
  }
  return {
    header,
    targets: found,
    zones: header.map(zoneOf),
    questions,
    ...(forms.length > 0 ? { forms } : {}),
    guessed,
  };
}
