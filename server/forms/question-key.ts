import type { Form } from "./forms";

/** Cyrillic letters as they are usually written in addresses. */
const letters: Record<string, string> = Object.fromEntries(
  "а-a б-b в-v г-g д-d е-e ё-e ж-zh з-z и-i й-y к-k л-l м-m н-n о-o п-p р-r с-s т-t у-u ф-f х-h ц-ts ч-ch ш-sh щ-sch ъ- ы-y ь- э-e ю-yu я-ya"
    .split(" ")
    .map((pair) => pair.split("-") as [string, string]),
);

/** A text as part of an address or a name: Latin letters and digits, joined by `by`. */
const latin = (text: string, by: "_" | "-"): string =>
  [...text.toLowerCase()]
    .map((letter) => letters[letter] ?? letter)
    .join("")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, by)
    .replace(/^[_-]+|[_-]+$/g, "");

const longest = 40;

/** Every key that a question of the site has, or has had: answers belong to their question for ever. */
export const usedKeys = (forms: Pick<Form, "definition">[]): Set<string> =>
  new Set(
    forms.flatMap(({ definition: { items, removed } }) => [
      ...items.flatMap((item) => ("question" in item ? [item.question.key] : [])),
      ...removed.map(({ key }) => key),
    ]),
  );

/** A key for a new question, made from its label. It is added to `used`. */
export function newKey(label: string, used: Set<string>): string {
  const made = latin(label, "_")
    .slice(0, longest - 4)
    .replace(/_+$/, "");
  const base = /^[a-z]/.test(made) ? made : `question${made ? `_${made}` : ""}`.slice(0, longest - 4);
  let key = base;
  for (let count = 2; used.has(key); count++) key = `${base}_${count}`;
  used.add(key);
  return key;
}
