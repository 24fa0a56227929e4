import type { AccentFault } from "../platform/accent";
import type { Locale } from "../platform/locales";

const words: Record<Locale, { shape: string; light: (contrast: string) => string }> = {
  en: {
    shape: "A colour is # and six digits from 0 to f, such as #0c5a4b.",
    light: (contrast) =>
      `This colour is too light: on a light page its contrast is ${contrast}, and texts need 4.5 (WCAG AA). Choose a darker one.`,
  },
  ru: {
    shape: "Цвет — это # и шесть символов от 0 до f, например #0c5a4b.",
    light: (contrast) =>
      `Слишком светлый цвет: на светлой странице его контраст ${contrast}, а тексту нужен 4,5 (WCAG AA). Выберите темнее.`,
  },
};

/** Why a colour is refused. */
export function accentFaultText(locale: Locale, fault: AccentFault | null): string {
  if (fault?.code !== "light") return words[locale].shape;
  return words[locale].light(new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).format(fault.contrast));
}
