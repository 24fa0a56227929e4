import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { loadRegistrationForm, registerByForm } from "~/features/registration/register-by-form.server";
import { RegistrationPage } from "~/features/registration/registration-page";
import { registerTexts } from "~/features/registration/texts";
import { useAnswer } from "~/hooks/use-answer";
import { pageMeta } from "~/page/page-meta";
import { isFormKept } from "~/page/session.server";
import { formPath } from "~server/forms/form-path";
import type { Form } from "~server/forms/forms";

function formOf({ params, context }: LoaderFunctionArgs | ActionFunctionArgs): Form {
  const form = context.services.forms.bySlug(params.form ?? "");
  if (!form) throw data(null, { status: 404 });
  return form;
}

/** An address that the form had before leads to the present one; what is sent to it is taken as it is. */
export async function loader(args: LoaderFunctionArgs) {
  const form = formOf(args);
  const { search } = new URL(args.request.url);
  if (form.slug !== args.params.form && !isFormKept(args.context)) throw redirect(`${formPath(form.slug)}${search}`);
  return loadRegistrationForm(args, form);
}

export const action = (args: ActionFunctionArgs) => registerByForm(args, formOf(args));

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }));

/** A form of the owner's own beside the first one. */
export default function RegisterByForm() {
  return <RegistrationPage loaded={useLoaderData<typeof loader>()} acted={useAnswer<typeof action>()} />;
}
