import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLocation } from "@remix-run/react";
import { InterruptedForm } from "~/components/layout/interrupted-form";
import { pageBefore } from "~/features/password-again/page-before";
import { passwordAgainTexts } from "~/features/password-again/texts";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { retryHeaders, takePassword } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageUser } from "~/page/session.server";
import { localPath } from "~server/platform/local-path";

const destination = (request: Request) => localPath(new URL(request.url).searchParams.get("to"), "/account");

export async function loader(args: LoaderFunctionArgs) {
  await requirePageUser(args, { mayEnrol: true });
  return null;
}

/** Takes the password and leads to what was to be opened. */
export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageUser(args, { mayEnrol: true });
  const refused = await takePassword(args, actor, await readForm(args.request));
  if (!refused) return redirect(destination(args.request));
  return data(refused, { status: refused.wait === null ? 400 : 429, headers: retryHeaders(refused) });
}

export { actionHeaders as headers } from "~/page/action-headers";

export const meta = pageMeta(passwordAgainTexts, (m) => ({ title: m.title, description: m.lead }));

export default function ConfirmPassword() {
  const { pathname, search } = useLocation();
  const { title, lead, password, submit, back } = useTexts(passwordAgainTexts);
  return (
    <InterruptedForm
      {...{ title, lead, password, submit, back }}
      to={pathname + search}
      fields={[]}
      said={useActionData<typeof action>()?.said}
      backTo={pageBefore(new URLSearchParams(search).get("to"))}
    />
  );
}
