import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { addressInput, Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { signInTexts } from "~/features/account/sign-in-texts";
import { Operator } from "~/features/privacy/operator";
import { useAnswer } from "~/hooks/use-answer";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { requestPasswordReset } from "~server/auth/password-reset";
import { requestLocale } from "~server/http/request-locale";
import { canMail } from "~server/platform/mail";
import { operatorOf } from "~server/privacy/operator";

export async function loader({ context }: LoaderFunctionArgs) {
  return { canMail: canMail(context.services.env), operator: operatorOf(context.services.env) };
}

export async function action(args: ActionFunctionArgs) {
  const { request, context } = args;
  const form = await readForm(request);
  const email = String(form.get("email") ?? "");
  const limited = await tooMany(args, "login");
  if (limited)
    return data({ email, problem: limited.code, outcome: null }, { status: limited.status, headers: limited.headers });
  if (!canMail(context.services.env)) return data({ email, problem: null, outcome: null }, { status: 503 });
  const m = signInTexts[requestLocale(request)];
  const site = new URL(context.services.env.APP_URL).host;
  const outcome = await requestPasswordReset(context.services, {
    email,
    words: (link) => ({ subject: m.mailSubject, text: m.mailText({ link, site }) }),
  });
  return data({ email, problem: null, outcome });
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(signInTexts, (m) => ({ title: m.forgotTitle, description: m.forgotLead }));

export default function Forgot() {
  const m = useTexts(signInTexts);
  const locale = useLocale();
  const { canMail, operator } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  if (!canMail)
    return (
      <Page width="form">
        <PageHeader title={m.forgotTitle} lead={m.noMail} />
        <Operator operator={operator} />
        <p className="text-sm">
          <TextLink to="/login">{m.backToSignIn}</TextLink>
        </p>
      </Page>
    );
  return (
    <Page width="form">
      <PageHeader title={m.forgotTitle} lead={m.forgotLead} />
      <Card className="p-5 sm:p-8">
        <PostForm className="grid gap-5">
          {answer?.problem ? <Alert tone="bad">{problemText(locale, answer.problem)}</Alert> : null}
          {answer?.outcome === "sent" ? <Alert tone="good">{m.forgotSent}</Alert> : null}
          {answer?.outcome === "limited" ? <Alert tone="wait">{m.forgotLimited}</Alert> : null}
          <Field label={m.email} name="email" {...addressInput} defaultValue={answer?.email} required />
          <Button type="submit">{m.forgotSubmit}</Button>
        </PostForm>
      </Card>
      <p className="text-sm">
        <TextLink to="/login">{m.backToSignIn}</TextLink>
      </p>
    </Page>
  );
}
