import type { SubmissionResult } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Card, CardStub } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { RegistrationForm } from "~/features/registration/registration-form";
import { RegistrationSteps } from "~/features/registration/registration-steps";
import { registerTexts } from "~/features/registration/texts";
import type { ProblemCode } from "~/i18n/errors";
import { isLocale, useTexts } from "~/i18n/locale";
import { requestLocale } from "~/i18n/locale.server";
import { pageMeta } from "~/page/page-meta";
import { readGuardedForm } from "~/page/public-form.server";
import { keepForm, requireGuest } from "~/page/session.server";
import { signOut, startSession } from "~server/auth/auth";
import { rememberDevice } from "~server/auth/known-device";
import { isDatabaseAway } from "~server/database/unavailable";
import { isAppError } from "~server/platform/errors";
import { languageField } from "~server/registration/form-fields";
import { stampForm } from "~server/registration/form-guard";
import { registerUser } from "~server/registration/registration";
import { registrationFields, registrationSchema } from "~server/registration/registration.schema";
import { getUtmDataFromCookies } from "~server/registration/utmUtils";

export async function loader(args: LoaderFunctionArgs) {
  await requireGuest(args);
  return { stamp: stampForm(args.context.services.env.SESSION_SECRET) };
}

export async function action(args: ActionFunctionArgs) {
  const { request, context } = args;
  const { services, requestId } = context;
  const { form, sent, refusal } = await readGuardedForm(args, "register", registrationFields);
  const submission = parseWithZod(form, { schema: registrationSchema });
  const refuse = (problems: Problems, status: number, headers: Record<string, string> = {}) =>
    // With a new stamp: the old one may be what was wrong.
    data(
      {
        result: submission.reply({ ...problems, hideFields: ["password"] }) as SubmissionResult<string[]>,
        stamp: stampForm(services.env.SESSION_SECRET),
      },
      { status, headers },
    );
  const refuseUnsaved = () => {
    keepForm(context);
    return refuse({ formErrors: ["busy"] }, 503);
  };
  if (refusal) return refuse({ formErrors: [refusal.code] }, refusal.status, refusal.headers);
  if (submission.status !== "success") return refuse({}, 400);

  const cookies = request.headers.get("cookie");
  const shown = sent.get(languageField);
  const locale = isLocale(shown) ? shown : requestLocale(request);
  let user: { id: number };
  try {
    user = await registerUser(services, { input: submission.value, utm: getUtmDataFromCookies(cookies), locale });
  } catch (error) {
    if (isAppError(error, "EMAIL_TAKEN")) return refuse({ fieldErrors: { email: ["email_taken"] } }, error.status);
    if (isAppError(error, "BUSY")) return refuseUnsaved();
    // Not left to the error page: what the person has typed is worth another try.
    services.log.error({ err: error, requestId }, "registration failed");
    return refuse({ formErrors: ["failed"] }, 500);
  }
  let session: string;
  try {
    await signOut(services, cookies);
    session = await startSession(services, user.id, request.headers.get("user-agent"));
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return refuseUnsaved();
  }
  const headers = new Headers({ "Set-Cookie": session });
  headers.append("Set-Cookie", rememberDevice(services.env, cookies, user.id));
  return redirect("/account", { headers });
}

interface Problems {
  formErrors?: ProblemCode[];
  fieldErrors?: Record<string, ProblemCode[]>;
}

export { actionHeaders as headers } from "~/page/action-headers";

export const meta = pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }));

export default function Register() {
  const m = useTexts(registerTexts);
  const loaded = useLoaderData<typeof loader>();
  const acted = useActionData<typeof action>();
  return (
    <Page>
      <PageHeader title={m.title} lead={m.lead} />
      <Card className="grid md:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="p-5 sm:p-8 lg:p-10">
          <RegistrationForm result={acted?.result} stamp={acted?.stamp ?? loaded.stamp} />
        </div>
        <CardStub beside className="p-5 sm:p-8 lg:p-10">
          <RegistrationSteps />
        </CardStub>
      </Card>
    </Page>
  );
}
