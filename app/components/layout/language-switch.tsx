import { StayingForm } from "~/components/ui/staying-form";
import { type Locale, locales, useLocale, useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

/** Each language is named in itself: its speakers may not read the present language. */
const names: Record<Locale, string> = { ru: "Русский", en: "English" };

/** A form, so that it works without JavaScript; with it the texts change and typed input is kept. */
export function LanguageSwitch() {
  const current = useLocale();
  const m = useTexts(siteTexts);
  return (
    <StayingForm action="/locale" preventScrollReset aria-label={m.language} className="flex flex-wrap gap-1">
      {(busy) =>
        locales.map((locale) => (
          <button
            key={locale}
            type="submit"
            name="lang"
            value={locale}
            lang={locale}
            aria-pressed={locale === current}
            aria-disabled={busy}
            className="min-h-9 cursor-pointer rounded-sm px-2 text-sm text-ink-soft hover:text-ink aria-pressed:font-semibold aria-pressed:text-ink"
          >
            {names[locale]}
          </button>
        ))
      }
    </StayingForm>
  );
}
