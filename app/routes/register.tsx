import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { loadRegistrationForm, registerByForm } from "~/features/registration/register-by-form.server";
import { RegistrationPage } from "~/features/registration/registration-page";
import { registerTexts } from "~/features/registration/texts";
import { useAnswer } from "~/hooks/use-answer";
import { pageMeta } from "~/page/page-meta";

export const loader = (args: LoaderFunctionArgs) => loadRegistrationForm(args, args.context.services.forms.first());

export const action = (args: ActionFunctionArgs) => registerByForm(args, args.context.services.forms.first());

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }));

/** The first form. */
export default function Register() {
  return <RegistrationPage loaded={useLoaderData<typeof loader>()} acted={useAnswer<typeof action>()} />;
}
