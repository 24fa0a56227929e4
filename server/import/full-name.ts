/** A full name, split. */
export interface SplitName {
  firstName: string;
  lastName: string | null;
}

const patronymic = /(?:вич|вна|ична|инична|оглы|кызы)$/iu;
const feminine = /(?:[оеё]вна|ична)$/iu;
/** What stands behind an English surname. */
const suffix = /(?:,\s*(?:jr|sr|ph\.?\s?d|m\.?d|ii|iii|iv)|\s(?:jr|sr))\.?$/i;
/** No name is longer, and the expressions would be slow on longer text. */
const longestName = 300;
/** Endings of surnames; some first names have them as well. */
const surname = /(?:[оеё]в|[оеё]ва|[иы]н|[иы]на|[сц]кий|[сц]кая|енко|швили|дзе)$/iu;
const firstNames = new Set(
  `лев яков ева константин валентин мартин августин северин эмин амин марина ирина полина галина екатерина
  катерина кристина христина нина арина карина алина ангелина валентина антонина регина сабина альбина эвелина аделина
  василина дина лина фаина эльвина эмина амина августина северина мартина акулина`.split(/\s+/),
);
const firm = /^(?:ооо|оао|зао|пао|ао|нко|ип|llc|ltd|gmbh)[\s"«]/iu;

const isSurname = (word: string) => surname.test(word) && !firstNames.has(word.toLowerCase());

/**
 * Splits "Иванов Иван Иванович", "Иван Иванов", "Smith, John". A comma, a patronymic or the ending of a surname tells
 * the order reliably; else the column's header does; else the surname comes last, as in most languages. A patronymic
 * stays with the first name, since people are addressed by both; without a surname as well. `Jr.` stays with the surname.
 */
export function splitFullName(text: string, surnameFirst: boolean): SplitName {
  const trimmed = text.trim();
  if (trimmed.length > longestName) return { firstName: trimmed, lastName: null };
  const { name, suffixes } = withoutSuffixes(trimmed);
  const { firstName, lastName } = splitPlain(name, surnameFirst);
  return lastName === null
    ? { firstName: [firstName, ...suffixes].join(" "), lastName }
    : { firstName, lastName: [lastName, ...suffixes].join(" ") };
}

/** Behind one word alone a suffix is a name of its own: Rahman, Md. */
function withoutSuffixes(text: string): { name: string; suffixes: string[] } {
  const suffixes: string[] = [];
  let name = text;
  for (;;) {
    const [found = ""] = suffix.exec(name) ?? [];
    const before = name.slice(0, name.length - found.length).trimEnd();
    if (found === "" || !/[^\s,][\s,]+[^\s,]/.test(before)) return { name, suffixes };
    suffixes.unshift(found.replace(/^[,\s]+/, ""));
    name = before;
  }
}

function splitPlain(text: string, surnameFirst: boolean): SplitName {
  const [before = "", ...behind] = text.split(",").map((part) => part.trim());
  if (behind.length === 1 && before && behind[0]) return { firstName: behind[0], lastName: before };
  const words = text.split(/\s+/).filter((word) => word !== "");
  const [first = "", second = ""] = words;
  const isWithoutSurname = words.length === 2 && feminine.test(second) && !isSurname(first);
  if (words.length < 2 || isWithoutSurname || firm.test(text)) return { firstName: words.join(" "), lastName: null };
  return isSurnameFirst(words, surnameFirst)
    ? { firstName: words.slice(1).join(" "), lastName: words[0] ?? null }
    : { firstName: words.slice(0, -1).join(" "), lastName: words.at(-1) ?? null };
}

function isSurnameFirst(words: string[], byHeader: boolean): boolean {
  const [first = "", second = "", third = ""] = words;
  if (words.length > 2 && patronymic.test(second) !== patronymic.test(third)) return patronymic.test(third);
  // A surname of a man may end like a patronymic, and no first name does.
  if (words.length === 2 && patronymic.test(second) && !isSurname(first)) return false;
  const last = words.at(-1) ?? "";
  return isSurname(first) === isSurname(last) ? byHeader : isSurname(first);
}

/** Whether a column's header says that the surname comes first. */
export const saysSurnameFirst = (header: string): boolean =>
  /^[^\p{L}]*(?:фио|ф\.\s*и\.\s*о|фамилия|last)/iu.test(header);
