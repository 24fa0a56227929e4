import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { isLocale, LocaleContext } from "~/i18n/locale";

const { lang } = document.documentElement;

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <LocaleContext.Provider value={isLocale(lang) ? lang : "ru"}>
        <RemixBrowser />
      </LocaleContext.Provider>
    </StrictMode>,
  );
});
