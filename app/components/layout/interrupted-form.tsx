import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { PasswordField } from "~/components/ui/password-field";
import { type Interruption, passwordAgainField } from "~/page/interruption";

type Props = Omit<Interruption, "interrupted"> & { backTo: string };

/** Asks for what the form still needs, and sends it again. A native form, since the page behind it is gone. */
export function InterruptedForm({ title, lead, to, fields, said, password, signIn, submit, back, backTo }: Props) {
  return (
    <Page width="form">
      <PageHeader title={title} lead={lead} />
      <Card className="p-5 sm:p-8">
        <form method="post" action={to} className="grid gap-5">
          {said ? <Alert tone="bad">{said}</Alert> : null}
          {fields.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names repeat, and the list never changes.
            <input key={index} type="hidden" name={name} value={value} />
          ))}
          {password ? <PasswordField name={passwordAgainField} label={password} /> : null}
          {signIn ? (
            <ButtonLink to="/login" target="_blank">
              {signIn}
            </ButtonLink>
          ) : null}
          <p className="flex flex-wrap gap-3">
            <Button type="submit">{submit}</Button>
            <ButtonLink to={backTo} look="secondary">
              {back}
            </ButtonLink>
          </p>
        </form>
      </Card>
    </Page>
  );
}
