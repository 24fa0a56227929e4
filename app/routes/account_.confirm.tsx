import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardStub } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { AsPerson, PersonForms } from "~/features/account/as-person";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { useAnswer } from "~/hooks/use-answer";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { requireSamePerson } from "~/page/same-person.server";
import { requirePageUser } from "~/page/session.server";
import { confirmByCode } from "~server/confirmation/confirm";
import { openAddress, resendConfirmation } from "~server/confirmation/resend";

/** The address that waits to be confirmed: the registration's, or the one that is to take its place. */
export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageUser(args);
  return { person: actor.id, address: await openAddress(args.context.services, actor.id) };
}

/** With `resend` another mail, else the code. */
export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageUser(args);
  const { services } = args.context;
  const form = await readForm(args.request);
  await requireSamePerson(args, actor, form);
  const limited = await tooMany(args, "login");
  if (limited) return data({ limit: limited.code }, { status: limited.status, headers: limited.headers });
  if (form.has("resend")) {
    const outcome = await resendConfirmation(services, actor.id);
    return outcome === "confirmed"
      ? redirect("/account")
      : data({ outcome }, { status: outcome === "sent" ? 200 : 400 });
  }
  const outcome = await confirmByCode(services, { userId: actor.id, code: String(form.get("code") ?? "") });
  return outcome === "confirmed" ? redirect("/account?confirmed") : data({ outcome }, { status: 400 });
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(confirmationTexts, (m) => ({ title: m.title, description: m.description }));

export default function Confirm() {
  const m = useTexts(confirmationTexts);
  const locale = useLocale();
  const { person, address } = useLoaderData<typeof loader>();
  const acted = useAnswer<typeof action>();
  if (address === null)
    return (
      <Page width="form">
        <PageHeader title={m.already} />
        <p>
          <ButtonLink to="/account">{m.toAccount}</ButtonLink>
        </p>
      </Page>
    );
  return (
    <Page width="form">
      <PageHeader title={m.title} lead={m.lead(address)} />
      <PersonForms value={person}>
        <Card>
          <div className="grid gap-5 p-5 sm:p-8">
            {acted && "limit" in acted ? <Alert tone="bad">{problemText(locale, acted.limit)}</Alert> : null}
            {acted && "outcome" in acted ? (
              <Alert tone={acted.outcome === "sent" ? "good" : "bad"}>{m[acted.outcome]}</Alert>
            ) : null}
            <PostForm className="grid gap-5">
              <AsPerson />
              <Field
                label={m.code}
                hint={m.codeHint}
                name="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                required
              />
              <Button type="submit">{m.submit}</Button>
            </PostForm>
          </div>
          <CardStub className="grid justify-items-start gap-3 p-5 sm:p-8">
            <p className="text-sm text-ink-soft">{m.again}</p>
            <PostForm>
              <AsPerson />
              <Button type="submit" name="resend" value="on" look="secondary" size="sm">
                {m.resend}
              </Button>
            </PostForm>
          </CardStub>
        </Card>
      </PersonForms>
    </Page>
  );
}
