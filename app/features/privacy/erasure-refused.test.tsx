import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ErasureRefused } from "~/features/privacy/erasure-refused";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { LocaleContext, locales } from "~/i18n/locale";

const erasure = {
  userId: 1,
  cause: "self",
  mode: "anonymise",
  state: "pending",
  requestedAt: "2026-01-02T03:04:05.000Z",
  doneAt: null,
  attempts: 1,
  error: "ERROR_CORE",
  counts: { deleted: 0, anonymised: 2, left: 0 },
} as const;

test.each(locales)("deletion is not offered for erased records whose visit is not removed yet (%s)", (locale) => {
  const shown = renderToStaticMarkup(
    <LocaleContext.Provider value={locale}>
      <ErasureRefused erasure={erasure} hasStarted={false} />
    </LocaleContext.Provider>,
  );
  expect(shown.replaceAll("&#x27;", "'")).toContain(rightsTexts[locale].refused.beside);
  expect(shown).not.toContain("<button");
});
