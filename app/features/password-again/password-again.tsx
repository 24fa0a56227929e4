import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { PasswordField } from "~/components/ui/password-field";
import { type PasswordQuestion, passwordAgainField } from "~/features/password-again/question";
import { passwordAgainTexts } from "~/features/password-again/texts";
import { formatDuration } from "~/i18n/duration";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";

/**
 * Asks for the password and resubmits the interrupted form with it. A native form, since the page behind it is gone.
 */
export function PasswordAgain({ to, fields, problem, wait, back }: PasswordQuestion & { back: string }) {
  const m = useTexts(passwordAgainTexts);
  const locale = useLocale();
  return (
    <Page width="form">
      <PageHeader title={m.title} lead={m.lead} />
      <Card className="p-5 sm:p-8">
        <form method="post" action={to} className="grid gap-5">
          {problem ? (
            <Alert tone="bad">
              {wait === null ? problemText(locale, problem) : m.wait(formatDuration(locale, wait))}
            </Alert>
          ) : null}
          {fields.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names repeat, and the list never changes.
            <input key={index} type="hidden" name={name} value={value} />
          ))}
          <PasswordField name={passwordAgainField} label={m.password} />
          <p className="flex flex-wrap gap-3">
            <Button type="submit">{m.submit}</Button>
            <ButtonLink to={back} look="secondary">
              {m.back}
            </ButtonLink>
          </p>
        </form>
      </Card>
    </Page>
  );
}
