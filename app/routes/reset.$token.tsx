import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { signInTexts } from "~/features/account/sign-in-texts";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { isResetUsable, resetPassword } from "~server/auth/password-reset";
import { isAppError } from "~server/platform/errors";

export async function loader({ params, context }: LoaderFunctionArgs) {
  return { usable: await isResetUsable(context.services, params.token ?? "") };
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

export const meta = pageMeta(signInTexts, (m) => ({ title: m.resetTitle }));

export default function Reset() {
  const m = useTexts(signInTexts);
  const locale = useLocale();
  const loaded = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (!loaded.usable || answer?.usable === false)
    return (
      <Page width="form">
        <PageHeader title={m.resetDead} />
        <p>
          <ButtonLink to="/forgot">{m.resetAgain}</ButtonLink>
        </p>
      </Page>
    );
  return (
    <Page width="form">
      <PageHeader title={m.resetTitle} />
      <Card className="p-5 sm:p-8">
        <Form method="post" noValidate className="grid gap-5">
          {answer?.general ? <Alert tone="bad">{problemText(locale, answer.general)}</Alert> : null}
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
        </Form>
      </Card>
    </Page>
  );
}
