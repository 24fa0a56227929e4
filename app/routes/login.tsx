import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { addressInput, Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PasswordField } from "~/components/ui/password-field";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { signInTexts } from "~/features/account/sign-in-texts";
import { Operator } from "~/features/privacy/operator";
import { useAnswer } from "~/hooks/use-answer";
import { useInFlight } from "~/hooks/use-single-submit";
import { formatDuration } from "~/i18n/duration";
import { type ProblemCode, problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooManyFor } from "~/page/public-form.server";
import { keepForm, refusedCookies, requireGuest } from "~/page/session.server";
import { signIn } from "~server/auth/sign-in";
import { isDatabaseAway } from "~server/database/unavailable";
import { isAppError } from "~server/platform/errors";
import { localPath } from "~server/platform/local-path";
import { canMail } from "~server/platform/mail";
import { operatorOf } from "~server/privacy/operator";

const destination = (request: Request) => localPath(new URL(request.url).searchParams.get("redirectTo"), "/account");

export async function loader(args: LoaderFunctionArgs) {
  await requireGuest(args, destination(args.request));
  const { searchParams } = new URL(args.request.url);
  return {
    passwordChanged: searchParams.has("changed"),
    confirmed: searchParams.has("confirmed"),
    refusedCookies: refusedCookies(args),
    canMail: canMail(args.context.services.env),
    operator: operatorOf(args.context.services.env),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  const email = String(form.get("email") ?? "");
  const password = String(form.get("password") ?? "");
  const refuse = (problem: ProblemCode, status: number, wait: number | null = null, headers = {}) => {
    keepForm(context);
    return data({ email, problem, wait }, { status, headers });
  };
  try {
    const { state, cookies } = await signIn(context.services, {
      email,
      password,
      address: context.clientIp,
      limit: context.limits.login,
      userAgent: request.headers.get("user-agent"),
      cookieHeader: request.headers.get("cookie"),
    });
    const headers = new Headers();
    for (const cookie of cookies) headers.append("Set-Cookie", cookie);
    const to = destination(request);
    return redirect(state === "code" ? `/login/code?redirectTo=${encodeURIComponent(to)}` : to, { headers });
  } catch (error) {
    if (isAppError(error, "UNAUTHORIZED")) return refuse("credentials", 400);
    if (isDatabaseAway(error)) return refuse("busy", 503);
    if (!isAppError(error, "TOO_MANY")) throw error;
    const wait = Number(error.details?.retryAfter);
    const { code, status, headers } = tooManyFor(wait);
    return refuse(code, status, wait, headers);
  }
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(signInTexts, (m) => ({ title: m.title, description: m.description }));

export default function Login() {
  const m = useTexts(signInTexts);
  const locale = useLocale();
  const { passwordChanged, confirmed, refusedCookies: refusedFrom, canMail, operator } = useLoaderData<typeof loader>();
  const refused = useAnswer<typeof action>();
  const busy = useInFlight();
  return (
    <Page width="form">
      <PageHeader title={m.title} />
      {refusedFrom ? (
        <Alert tone={refusedFrom === "register" ? "wait" : "bad"}>
          {refusedFrom === "register" ? `${m.cookies.registered} ` : null}
          {m.cookies.refused}
        </Alert>
      ) : null}
      <Card className="p-5 sm:p-8">
        {/* No action: the address keeps redirectTo. */}
        <PostForm className="grid gap-5">
          {refused ? (
            <Alert tone="bad">
              {refused.wait === null
                ? problemText(locale, refused.problem)
                : m.wait(formatDuration(locale, refused.wait))}
            </Alert>
          ) : null}
          {passwordChanged && !refused ? <Alert tone="good">{m.passwordChanged}</Alert> : null}
          {confirmed && !refused ? <Alert tone="good">{m.confirmed}</Alert> : null}
          <Field label={m.email} name="email" {...addressInput} defaultValue={refused?.email} required />
          <PasswordField label={m.password} />
          <Button type="submit">{busy ? <Spinner label={m.submitting} /> : m.submit}</Button>
          {canMail ? (
            <p className="text-sm">
              <TextLink to="/forgot">{m.forgot}</TextLink>
            </p>
          ) : (
            <div className="grid gap-1 text-sm text-ink-soft">
              <p>{m.forgotAsk}</p>
              <Operator operator={operator} />
            </div>
          )}
        </PostForm>
      </Card>
      <p className="text-sm text-ink-soft">
        {m.noAccount} <TextLink to="/register">{m.register}</TextLink>
      </p>
    </Page>
  );
}
