import { StayingForm } from "~/components/ui/staying-form";
import { useInFlight } from "~/hooks/use-single-submit";
import { type Locale, locales, useLocale, useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

/** Each language is named in itself: its speakers may not read the present language. */
const names: Record<Locale, string> = { ru: "Русский", en: "English" };

/** A form, so that it works without JavaScript; with it the texts change and typed input is kept. */
export function LanguageSwitch() {
  const current = useLocale();
  const m = useTexts(siteTexts);
  const inFlight = useInFlight();
  return (
    <StayingForm action="/locale" preventScrollReset aria-label={m.language} className="flex flex-wrap gap-1">
      {locales.map((locale) => (
        <button
          key={locale}
          type="submit"
          name="lang"
          value={locale}
          lang={locale}
          aria-pressed={locale === current}
          aria-disabled={inFlight || undefined}
          className="min-h-9 cursor-pointer rounded-sm px-2 text-sm text-ink-soft hover:text-ink aria-pressed:font-semibold aria-pressed:text-ink"
        >
          {names[locale]}
        </button>
      ))}
    </StayingForm>
  );
}
