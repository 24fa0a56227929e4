import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { addressInput, Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { giveBack } from "~/features/account/give-back.server";
import { NotMine } from "~/features/account/not-mine";
import { signInTexts } from "~/features/account/sign-in-texts";
import { useAnswer } from "~/hooks/use-answer";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { resetAccount, resetPassword } from "~server/auth/password-reset";
import { isAppError } from "~server/platform/errors";
import { findDoubtful } from "~server/privacy/take-back";

export async function loader({ params, context }: LoaderFunctionArgs) {
  const token = params.token ?? "";
  const doubtful = await findDoubtful(context.services, { kind: "reset", token });
  return {
    account: await resetAccount(context.services, token),
    registeredAt: doubtful?.registeredAt.toISOString() ?? null,
  };
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
  if (form.get("intent") === "takeBack")
    return giveBack(context.services, { kind: "reset", token: params.token ?? "" });
  const refuse = (usable: boolean, problems: string[]) => data({ usable, general: null, problems }, { status: 400 });
  const password = form.get("password");
  if (typeof password !== "string" || password === "") return refuse(true, ["required"]);
  try {
    const cookieHeader = request.headers.get("cookie");
    const cookies = await resetPassword(context.services, { token: params.token ?? "", password, cookieHeader });
    if (!cookies) return refuse(false, []);
    return redirect("/login?changed", { headers: cookies.map((cookie): [string, string] => ["Set-Cookie", cookie]) });
  } catch (error) {
    if (isAppError(error, "INVALID")) return refuse(true, [error.details?.problem ?? "invalid"]);
    throw error;
  }
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(signInTexts, (m) => ({ title: m.resetTitle }));

export default function Reset() {
  const m = useTexts(signInTexts);
  const confirmation = useTexts(confirmationTexts);
  const locale = useLocale();
  const { account, registeredAt } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  if (account === null || answer?.usable === false)
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
      <Card className="grid gap-5 p-5 sm:p-8">
        {registeredAt ? (
          <p>
            {confirmation.link.registered} <DateTime value={registeredAt} exact />.
          </p>
        ) : null}
        <PostForm noValidate className="grid gap-5">
          {answer?.general ? <Alert tone="bad">{problemText(locale, answer.general)}</Alert> : null}
          {/* Read-only, and there for password managers: without it they save the password without a user name. */}
          <Field label={m.resetAccount} name="username" {...addressInput} value={account.email} readOnly />
          <Field
            label={m.resetPassword}
            name="password"
            type="password"
            autoComplete="new-password"
            hint={`${m.resetHint(account.leastPassword)}${account.isAdmin ? ` ${m.resetTokens}` : ""}`}
            problems={answer?.problems}
            required
          />
          <Button type="submit">{m.resetSubmit}</Button>
        </PostForm>
        {registeredAt ? <NotMine /> : null}
      </Card>
    </Page>
  );
}
