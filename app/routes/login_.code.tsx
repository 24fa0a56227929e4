import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { codeInput } from "~/features/second-factor/forms";
import { secondFactorTexts } from "~/features/second-factor/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useInFlight } from "~/hooks/use-single-submit";
import { formatDuration } from "~/i18n/duration";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { keepForm, requireGuest } from "~/page/session.server";
import { awaitedUser, signInWithCode } from "~server/auth/second-factor/sign-in-code";
import { isAppError } from "~server/platform/errors";
import { localPath } from "~server/platform/local-path";

const destination = (request: Request) => localPath(new URL(request.url).searchParams.get("redirectTo"), "/account");

/** Back to the password, which was not given in this browser, or too long ago. */
const startAgain = (request: Request) => redirect(`/login?redirectTo=${encodeURIComponent(destination(request))}`);

export async function loader(args: LoaderFunctionArgs) {
  const { request, context } = args;
  await requireGuest(args, destination(request));
  if (!(await awaitedUser(context.services, request.headers.get("cookie")))) throw startAgain(request);
  return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request);
  try {
    const signedIn = await signInWithCode(context.services, {
      code: String(form.get("code") ?? ""),
      address: context.clientIp,
      limit: context.limits.login,
      userAgent: request.headers.get("user-agent"),
      cookieHeader: request.headers.get("cookie"),
    });
    if (!signedIn) return startAgain(request);
    const headers = new Headers();
    for (const cookie of signedIn.cookies) headers.append("Set-Cookie", cookie);
    const to = destination(request);
    // Who has used one should know how many are left.
    const notice = `/account/second-factor?used&redirectTo=${encodeURIComponent(to)}`;
    return redirect(signedIn.by === "recovery" ? notice : to, { headers });
  } catch (error) {
    const isWrong = isAppError(error, "UNAUTHORIZED");
    if (!isWrong && !isAppError(error, "TOO_MANY")) throw error;
    keepForm(context);
    if (isWrong) return data({ problems: ["code_wrong"], wait: null }, { status: 400 });
    const wait = Number(error.details?.retryAfter);
    return data({ problems: [], wait }, { status: 429, headers: { "Retry-After": String(wait) } });
  }
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(secondFactorTexts, ({ signIn: m }) => ({ title: m.title, description: m.description }));

export default function LoginCode() {
  const { signIn: m, wait } = useTexts(secondFactorTexts);
  const locale = useLocale();
  const refused = useAnswer<typeof action>();
  const busy = useInFlight();
  return (
    <Page width="form">
      <PageHeader title={m.title} lead={m.lead} />
      <Card className="p-5 sm:p-8">
        {/* No action: the address keeps redirectTo. */}
        <PostForm noValidate className="grid gap-5">
          {refused && refused.wait !== null ? (
            <Alert tone="bad">{wait(formatDuration(locale, refused.wait))}</Alert>
          ) : null}
          <Field {...codeInput} label={m.code} hint={m.hint} problems={refused?.problems} />
          <Button type="submit">{busy ? <Spinner label={m.submit} /> : m.submit}</Button>
        </PostForm>
      </Card>
      <p className="text-sm text-ink-soft">
        {m.lost} <TextLink to="/login">{m.again}</TextLink>
      </p>
    </Page>
  );
}
