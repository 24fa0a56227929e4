import { conversionTexts } from "~/features/conversions/texts";
import { identityTexts } from "~/features/identity/texts";
import { type Locale, texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

/** The words of an entry's facts by their names; `details` are all facts of the entry. */
export type FactWords = Record<string, (value: unknown, details: Record<string, unknown>) => string>;

type Words = Record<string, string>;

/** The words for the facts of a file of conversions. `file` names the file by its number. */
const conversions = (locale: Locale, file: (id: unknown) => string, people: (count: number) => string): FactWords => {
  const m = conversionTexts[locale];
  /** Metrica has no file for taking back. */
  const isMark = ({ system, kind }: Record<string, unknown>) => system === "yandex" && kind === "retract";
  return {
    id: (value, details) => (isMark(details) ? m.noFile : file(value)),
    system: (value) => (m.systems as Words)[String(value)] ?? String(value),
    kind: (value) => (m.kinds as Words)[String(value)] ?? String(value),
    count: (value) => people(Number(value)),
  };
};

/** The words for the facts of an answered question about the portal or the database, whose kind the answer's words tell. */
const identity = (locale: Locale): FactWords => {
  const { change, answers } = identityTexts[locale];
  const byKind = answers as Record<string, Record<string, { label: string }>>;
  return {
    kind: () => "",
    change: (value) => ((change as Words)[String(value)] ?? String(value)).replace(/\.$/, ""),
    answer: (value, { kind }) => byKind[String(kind)]?.[String(value)]?.label ?? String(value),
  };
};

const conversionsEn = conversions(
  "en",
  (id) => `file ${id}`,
  (count) => enPlural(count, "registration", "registrations"),
);
const conversionsRu = conversions(
  "ru",
  (id) => `файл №\u00a0${id}`,
  (count) => ruPlural(count, "регистрация", "регистрации", "регистраций"),
);

/** Facts whose names mean something else in other entries. */
export const factsOfAction = texts<Record<string, FactWords>>(
  {
    "conversions.make": conversionsEn,
    "conversions.download": conversionsEn,
    "portal.answer": identity("en"),
  },
  {
    "conversions.make": conversionsRu,
    "conversions.download": conversionsRu,
    "portal.answer": identity("ru"),
  },
);
