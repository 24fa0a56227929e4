import { DateTime } from "~/components/ui/date-time";
import { dataTexts } from "~/features/account/data-texts";
import { useTexts } from "~/i18n/locale";
import { wordingOf } from "~server/privacy/consent-texts";
import type { ConsentView } from "~server/privacy/consents";

/** A person's consents: the wording, when given, and when withdrawn. */
export function ConsentList({ consents }: { consents: ConsentView[] }) {
  const m = useTexts(dataTexts).consent;
  if (consents.length === 0) return <p>{m.none}</p>;
  return (
    <ul className="grid gap-3">
      {consents.map(({ id, version, locale, givenAt, withdrawnAt }) => {
        const text = wordingOf(version)?.text[locale === "en" ? "en" : "ru"];
        return (
          <li key={id} className="grid gap-1">
            <p>
              {m.given} <DateTime value={givenAt} />
              {withdrawnAt ? (
                <>
                  , {m.withdrawnAt} <DateTime value={withdrawnAt} />
                </>
              ) : null}
            </p>
            {text ? (
              <details className="text-sm text-ink-soft">
                <summary className="w-fit text-accent underline decoration-1 underline-offset-4">
                  {m.version(version)}
                </summary>
                <div lang={locale === "en" ? "en" : "ru"} className="mt-2 grid gap-2 border-l-2 border-line pl-3">
                  {text.map((paragraph) => (
                    <p key={paragraph}>{paragraph}</p>
                  ))}
                </div>
              </details>
            ) : (
              <p className="text-sm text-ink-soft">{m.unknown}</p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
