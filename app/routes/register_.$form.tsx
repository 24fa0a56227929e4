import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { loadRegistrationForm, registerByForm } from "~/features/registration/register-by-form.server";
import { RegistrationPage } from "~/features/registration/registration-page";
import { registerTexts } from "~/features/registration/texts";
import { useAnswer } from "~/hooks/use-answer";
import { pageMeta } from "~/page/page-meta";
import type { Form } from "~server/forms/forms";

function formOf({ params, context }: LoaderFunctionArgs | ActionFunctionArgs): Form {
  const form = context.services.forms.bySlug(params.form ?? "");
  if (!form) throw data(null, { status: 404 });
  return form;
}

export const loader = (args: LoaderFunctionArgs) => loadRegistrationForm(args, formOf(args));

export const action = (args: ActionFunctionArgs) => registerByForm(args, formOf(args));

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }));

/** A form of the owner's own beside the first one. */
export default function RegisterByForm() {
  return <RegistrationPage loaded={useLoaderData<typeof loader>()} acted={useAnswer<typeof action>()} />;
}
