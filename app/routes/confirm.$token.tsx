import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { giveBack } from "~/features/account/give-back.server";
import { NotMine } from "~/features/account/not-mine";
import { useAnswer } from "~/hooks/use-answer";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm, tooMany } from "~/page/public-form.server";
import { pageActor } from "~/page/session.server";
import { confirmByLink, readConfirmation } from "~server/confirmation/confirm";
import { readableEmail } from "~server/platform/email-address";
import { findDoubtful } from "~server/privacy/take-back";

/** Only shows: mail servers and messengers open links before their reader does. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  const token = params.token ?? "";
  const open = await readConfirmation(context.services, token);
  return {
    open: open && {
      email: readableEmail(open.email),
      purpose: open.purpose,
      registeredAt: open.registeredAt.toISOString(),
    },
    isDoubtful: (await findDoubtful(context.services, { kind: "confirm", token })) !== null,
  };
}

export async function action(args: ActionFunctionArgs) {
  const { request, params, context } = args;
  const form = await readForm(request);
  const limited = await tooMany(args, "login");
  if (limited)
    return data({ limit: limited.code, outcome: null }, { status: limited.status, headers: limited.headers });
  if (form.get("intent") === "takeBack")
    return giveBack(context.services, { kind: "confirm", token: params.token ?? "" });
  const outcome = await confirmByLink(context.services, params.token ?? "");
  if (outcome !== "confirmed") return data({ limit: null, outcome }, { status: 400 });
  return redirect((await pageActor(args)) ? "/account?confirmed" : "/login?confirmed");
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(confirmationTexts, (m) => ({ title: m.link.title }));

export default function ConfirmLink() {
  const m = useTexts(confirmationTexts);
  const locale = useLocale();
  const { open, isDoubtful } = useLoaderData<typeof loader>();
  const acted = useAnswer<typeof action>();
  if (!open || acted?.outcome)
    return (
      <Page width="form">
        <PageHeader
          title={acted?.outcome === "taken" ? m.taken : m.link.dead}
          lead={acted?.outcome === "taken" ? undefined : m.link.deadText}
        />
        <p>
          <ButtonLink to="/login">{m.link.signIn}</ButtonLink>
        </p>
      </Page>
    );
  const isChange = open.purpose === "change";
  return (
    <Page width="form">
      <PageHeader title={m.link.title} lead={<span className="wrap-anywhere">{open.email}</span>} />
      <Card className="grid gap-5 p-5 sm:p-8">
        {acted?.limit ? <Alert tone="bad">{problemText(locale, acted.limit)}</Alert> : null}
        {isChange ? (
          <p>{m.link.change}</p>
        ) : (
          <p>
            {m.link.registered} <DateTime value={open.registeredAt} exact />.
          </p>
        )}
        <PostForm className="grid">
          <Button type="submit">{isChange ? m.link.changeConfirm : m.link.confirm}</Button>
        </PostForm>
        {isDoubtful ? <NotMine /> : null}
      </Card>
    </Page>
  );
}
