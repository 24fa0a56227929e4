import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { isLocale, LocaleContext } from "~/i18n/locale";
import { SiteNameContext, siteNameTag } from "~/i18n/site-name";

const { lang } = document.documentElement;
const siteName = document.querySelector<HTMLMetaElement>(`meta[name=${siteNameTag}]`)?.content ?? null;

await pageData();
startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <LocaleContext.Provider value={isLocale(lang) ? lang : "ru"}>
        <SiteNameContext.Provider value={siteName}>
          <RemixBrowser />
        </SiteNameContext.Provider>
      </LocaleContext.Provider>
    </StrictMode>,
  );
});

/**
 * Waits until the page's data are decoded.
 *
 * RemixBrowser starts decoding at its first call and suspends until the end of it. A key pressed or a button clicked
 * meanwhile makes React render the page at once, and React 18 reports an error (345) where the root suspends then.
 * Before hydration begins the browser handles keys and clicks by itself, as it does without JavaScript.
 */
async function pageData() {
  try {
    RemixBrowser({});
  } catch (suspended) {
    // An error instead of a promise is thrown again while React renders, and reported there.
    if (suspended instanceof Promise) await suspended;
  }
}
