import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { signInTexts } from "~/features/account/sign-in-texts";
import { type ProblemCode, problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { pageActor } from "~/page/session.server";
import { signIn } from "~server/auth/auth";
import { isAppError } from "~server/platform/errors";
import { localPath } from "~server/platform/local-path";

const destination = (request: Request) => localPath(new URL(request.url).searchParams.get("redirectTo"), "/account");

export async function loader(args: LoaderFunctionArgs) {
  if (await pageActor(args)) throw redirect(destination(args.request));
  return { passwordChanged: new URL(args.request.url).searchParams.has("changed") };
}

export async function action(args: ActionFunctionArgs) {
  const { request, context } = args;
  const form = await readForm(request);
  const email = String(form.get("email") ?? "");
  const password = String(form.get("password") ?? "");
  const refuse = (problem: ProblemCode, status: number, headers: Record<string, string> = {}) =>
    data({ email, problem }, { status, headers });
  const limited = await tooMany(args, "login");
  if (limited) return refuse(limited.code, limited.status, limited.headers);
  try {
    const setCookie = await signIn(context.services, {
      email,
      password,
      userAgent: request.headers.get("user-agent"),
      cookieHeader: request.headers.get("cookie"),
    });
    return redirect(destination(request), { headers: { "Set-Cookie": setCookie } });
  } catch (error) {
    if (isAppError(error, "UNAUTHORIZED")) return refuse("credentials", 400);
    throw error;
  }
}

export { actionHeaders as headers } from "~/page/action-headers";

export const meta = pageMeta(signInTexts, (m) => ({ title: m.title, description: m.description }));

export default function Login() {
  const m = useTexts(signInTexts);
  const locale = useLocale();
  const { passwordChanged } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const busy = useNavigation().formAction?.startsWith("/login");
  return (
    <Page width="form">
      <PageHeader title={m.title} />
      <Card className="p-5 sm:p-8">
        {/* No action: the address keeps redirectTo. */}
        <Form method="post" className="grid gap-5">
          {refused ? <Alert tone="bad">{problemText(locale, refused.problem)}</Alert> : null}
          {passwordChanged && !refused ? <Alert tone="good">{m.passwordChanged}</Alert> : null}
          <Field
            label={m.email}
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={refused?.email}
            required
          />
          <Field label={m.password} name="password" type="password" autoComplete="current-password" required />
          <Button type="submit" aria-disabled={busy}>
            {busy ? <Spinner label={m.submitting} /> : m.submit}
          </Button>
          <p className="text-sm">
            <TextLink to="/forgot">{m.forgot}</TextLink>
          </p>
        </Form>
      </Card>
      <p className="text-sm text-ink-soft">
        {m.noAccount} <TextLink to="/register">{m.register}</TextLink>
      </p>
    </Page>
  );
}
