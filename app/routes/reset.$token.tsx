import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { addressInput, Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { signInTexts } from "~/features/account/sign-in-texts";
import { useAnswer } from "~/hooks/use-answer";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { resetEmail, resetPassword } from "~server/auth/password-reset";
import { isAppError } from "~server/platform/errors";

export async function loader({ params, context }: LoaderFunctionArgs) {
  return { email: await resetEmail(context.services, params.token ?? "") };
}

export async function action(args: ActionFunctionArgs) {
  const { request, params, context } = args;
  const form = await readForm(request);
  const limited = await tooMany(args, "login");
  if (limited)
    return data(
      { usable: true, general: limited.code, problems: [] },
      { status: limited.status, headers: limited.headers },
    );
  const refuse = (usable: boolean, problems: string[]) => data({ usable, general: null, problems }, { status: 400 });
  const password = form.get("password");
  if (typeof password !== "string" || password === "") return refuse(true, ["required"]);
  try {
    const done = await resetPassword(context.services, { token: params.token ?? "", password });
    return done ? redirect("/login?changed") : refuse(false, []);
  } catch (error) {
    if (isAppError(error, "INVALID")) return refuse(true, [String(error.details?.problem)]);
    throw error;
  }
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(signInTexts, (m) => ({ title: m.resetTitle }));

export default function Reset() {
  const m = useTexts(signInTexts);
  const locale = useLocale();
  const loaded = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  if (loaded.email === null || answer?.usable === false)
    return (
      <Page width="form">
        <PageHeader title={m.resetDead} lead={m.resetDeadText} />
        <p className="flex flex-wrap gap-3">
          <ButtonLink to="/forgot">{m.resetAgain}</ButtonLink>
          <ButtonLink to="/login" look="secondary">
            {m.submit}
          </ButtonLink>
        </p>
      </Page>
    );
  return (
    <Page width="form">
      <PageHeader title={m.resetTitle} />
      <Card className="p-5 sm:p-8">
        <PostForm noValidate className="grid gap-5">
          {answer?.general ? <Alert tone="bad">{problemText(locale, answer.general)}</Alert> : null}
          {/* Read-only, and there for password managers: without it they save a password of nobody. */}
          <Field label={m.resetAccount} name="username" {...addressInput} value={loaded.email} readOnly />
          <Field
            label={m.resetPassword}
            name="password"
            type="password"
            autoComplete="new-password"
            hint={m.resetHint}
            problems={answer?.problems}
            required
          />
          <Button type="submit">{m.resetSubmit}</Button>
        </PostForm>
      </Card>
    </Page>
  );
}
