import { Alert } from "~/components/ui/alert";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { consentsTexts } from "~/features/consents/texts";
import { SettingsPage } from "~/features/settings/settings-page";
import { ActorName } from "~/features/users/actor-name";
import { locales, useLocale, useTexts } from "~/i18n/locale";
import type { TypedConsent } from "~server/consents/draft";
import type { GoneConsent } from "~server/consents/view";

interface Props extends GoneConsent {
  names: Record<string, string>;
  /** What was typed on the page while the consent was taken away. */
  typed: TypedConsent | null;
}

/** In the place of a consent whose addition a colleague has taken back, perhaps while its page was open. */
export function ConsentGone({ label, at, actor, names, typed }: Props) {
  const m = useTexts(consentsTexts);
  const locale = useLocale();
  return (
    <SettingsPage place="consents" title={label[locale]}>
      <Alert tone={typed ? "bad" : "wait"}>
        {typed ? `${m.gone.unsaved} ` : ""}
        {m.gone.text} <DateTime value={at} /> · <ActorName actor={actor} names={names} />
      </Alert>
      <p>{m.gone.restore}</p>
      {typed ? (
        <Card className="grid gap-5 p-5 sm:p-8">
          <h2 className="text-lg font-semibold">{m.gone.typed}</h2>
          {locales.map((each) => (
            <div key={each} lang={each} className="grid gap-2">
              <p className="font-medium wrap-anywhere">{typed.label[each]}</p>
              <p className="whitespace-pre-line wrap-anywhere">{typed.text[each]}</p>
            </div>
          ))}
        </Card>
      ) : null}
      <p>
        <ButtonLink to="/admin/settings/consents">{m.gone.list}</ButtonLink>
      </p>
    </SettingsPage>
  );
}
