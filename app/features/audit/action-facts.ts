import { conversionTexts } from "~/features/conversions/texts";
import { identityTexts } from "~/features/identity/texts";
import { type Locale, texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

/** The words of an entry's facts by their names; `details` are all facts of the entry. */
export type FactWords = Record<string, (value: unknown, details: Record<string, unknown>) => string>;

type Words = Record<string, string>;

/** Of conversions. `file`: its number, which its name ends with. */
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

/** Of the question which portal or database this is. What it was about is in the answer's words. */
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
