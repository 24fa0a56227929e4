/** A full name, split. */
export interface SplitName {
  firstName: string;
  lastName: string | null;
}

const patronymic = /(?:вич|вна|ична|инична|оглы|кызы)$/iu;
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
 * stays with the first name, since people are addressed by both.
 */
export function splitFullName(text: string, surnameFirst: boolean): SplitName {
  const [before = "", ...behind] = text.split(",").map((part) => part.trim());
  if (behind.length === 1 && before && behind[0]) return { firstName: behind[0], lastName: before };
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length < 2 || firm.test(text)) return { firstName: text.trim(), lastName: null };
  return isSurnameFirst(words, surnameFirst)
    ? { firstName: words.slice(1).join(" "), lastName: words[0] ?? null }
    : { firstName: words.slice(0, -1).join(" "), lastName: words.at(-1) ?? null };
}

function isSurnameFirst(words: string[], byHeader: boolean): boolean {
  const [first = "", second = "", third = ""] = words;
  if (words.length > 2 && patronymic.test(second) !== patronymic.test(third)) return patronymic.test(third);
  const last = words.at(-1) ?? "";
  return isSurname(first) === isSurname(last) ? byHeader : isSurname(first);
}

/** Whether a column's header says that the surname comes first. */
export const saysSurnameFirst = (header: string): boolean =>
  /^[^\p{L}]*(?:фио|ф\.\s*и\.\s*о|фамилия|last)/iu.test(header);
