import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

export const mainId = "content";

/** The first focusable element: skips the menu. */
export function SkipLink() {
  const m = useTexts(siteTexts);
  return (
    <a
      href={`#${mainId}`}
      className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:rounded-md focus:bg-surface focus:px-4 focus:py-2 focus:text-ink"
    >
      {m.skip}
    </a>
  );
}
