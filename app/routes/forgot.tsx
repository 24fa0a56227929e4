import { type ActionFunctionArgs, data } from "@remix-run/node";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { addressInput, Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { signInTexts } from "~/features/account/sign-in-texts";
import { useAnswer } from "~/hooks/use-answer";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { requestLocale } from "~/i18n/locale.server";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { requestPasswordReset } from "~server/auth/password-reset";

export async function action(args: ActionFunctionArgs) {
  const { request, context } = args;
  const form = await readForm(request);
  const limited = await tooMany(args, "login");
  if (limited) return data({ problem: limited.code }, { status: limited.status, headers: limited.headers });
  const m = signInTexts[requestLocale(request)];
  requestPasswordReset(context.services, {
    email: String(form.get("email") ?? ""),
    words: (link) => ({ subject: m.mailSubject, text: m.mailText(link) }),
  });
  return data({ problem: null });
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(signInTexts, (m) => ({ title: m.forgotTitle, description: m.forgotLead }));

export default function Forgot() {
  const m = useTexts(signInTexts);
  const locale = useLocale();
  const answer = useAnswer<typeof action>();
  return (
    <Page width="form">
      <PageHeader title={m.forgotTitle} lead={m.forgotLead} />
      <Card className="p-5 sm:p-8">
        <PostForm className="grid gap-5">
          {answer?.problem ? <Alert tone="bad">{problemText(locale, answer.problem)}</Alert> : null}
          {answer && !answer.problem ? <Alert tone="good">{m.forgotSent}</Alert> : null}
          <Field label={m.email} name="email" {...addressInput} required />
          <Button type="submit">{m.forgotSubmit}</Button>
        </PostForm>
      </Card>
      <p className="text-sm">
        <TextLink to="/login">{m.backToSignIn}</TextLink>
      </p>
    </Page>
  );
}
