import type { SubmissionResult } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card, CardStub } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { RegistrationForm } from "~/features/registration/registration-form";
import { RegistrationSteps } from "~/features/registration/registration-steps";
import { TakenAddress } from "~/features/registration/taken-address";
import { registerTexts } from "~/features/registration/texts";
import { useAnswer } from "~/hooks/use-answer";
import type { ProblemCode } from "~/i18n/errors";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readGuardedForm } from "~/page/public-form.server";
import { keepForm, requireGuest } from "~/page/session.server";
import { isDatabaseAway } from "~server/database/unavailable";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { isLocale } from "~server/platform/locales";
import { canMail } from "~server/platform/mail";
import { languageField, workField } from "~server/registration/form-fields";
import { stampForm, stampOf } from "~server/registration/form-guard";
import { clearedAddressCookie, provenAddress } from "~server/registration/proven-address";
import { registrationFields, registrationSchema } from "~server/registration/registration.schema";
import { signUp } from "~server/registration/sign-up";
import { getUtmDataFromCookies } from "~server/registration/utmUtils";
import { proofOfWork } from "~server/sign-ups/challenge";

export async function loader(args: LoaderFunctionArgs) {
  await requireGuest(args);
  const { env } = args.context.services;
  return {
    ...(await offer(args)),
    email: provenAddress(env, args.request.headers.get("cookie")),
    canMail: canMail(env),
  };
}

/** What a form needs of us each time: its stamp, and whether the browser is to work on it. Also while the database is away. */
async function offer({ context }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { unusual } = await context.signUps.state().catch(() => ({ unusual: false }));
  return { stamp: stampForm(context.services.env.SESSION_SECRET), work: unusual };
}

export async function action(args: ActionFunctionArgs) {
  const { request, context } = args;
  const { services, requestId } = context;
  const { form, sent, refusal } = await readGuardedForm(args, "register", registrationFields);
  const submission = parseWithZod(form, { schema: registrationSchema });
  const refuse = async (problems: Problems, status: number, headers: Record<string, string> = {}) =>
    // With a new stamp: the old one may be what was wrong.
    data(
      {
        result: submission.reply({ ...problems, hideFields: ["password"] }) as SubmissionResult<string[]>,
        ...(await offer(args)),
      },
      { status, headers },
    );
  const refuseUnsaved = () => {
    keepForm(context);
    return refuse({ formErrors: ["busy"] }, 503);
  };
  if (refusal) return refuse({ formErrors: [refusal.code] }, refusal.status, refusal.headers);
  if (submission.status !== "success") return refuse({}, 400);

  const wait = await context.limits.registerDay(context.clientIp);
  if (wait !== null) return refuse({ formErrors: ["too_many_today"] }, 429, { "Retry-After": String(wait) });

  const cookieHeader = request.headers.get("cookie");
  const shown = sent.get(languageField);
  const locale = isLocale(shown) ? shown : requestLocale(request);
  try {
    const stamp = stampOf(sent);
    const { held, unusual } = await context.signUps.state();
    const { outcome, cookies } = await signUp(services, {
      input: submission.value,
      utm: getUtmDataFromCookies(cookieHeader),
      locale,
      provenEmail: provenAddress(services.env, cookieHeader),
      // A form that tests send again and again is what they switch the limit off for.
      stamp: services.env.RATE_LIMIT_REGISTER === 0 ? undefined : stamp,
      review: held || (unusual && !proofOfWork.isSolved(stamp, String(sent.get(workField) ?? ""))),
      sender: {
        cookieHeader,
        userAgent: request.headers.get("user-agent"),
        address: context.clientIp,
        limit: context.limits.login,
      },
    });
    const headers = new Headers();
    for (const cookie of cookies) headers.append("Set-Cookie", cookie);
    if (outcome === "code") return redirect("/login/code?redirectTo=%2Faccount", { headers });
    if (outcome !== "known") headers.append("Set-Cookie", clearedAddressCookie(services.env));
    return redirect(outcome === "known" ? "/account?known" : "/account", { headers });
  } catch (error) {
    if (isAppError(error, "EMAIL_TAKEN")) return refuse({ fieldErrors: { email: ["email_taken"] } }, error.status);
    if (isAppError(error, "CONFLICT")) return refuse({ formErrors: ["stamp_used"] }, 400);
    if (isAppError(error, "BUSY") || isDatabaseAway(error)) return refuseUnsaved();
    // The form is shown again instead of the error page, so that the input is kept for another try.
    services.log.error({ err: error, requestId }, "registration failed");
    return refuse({ formErrors: ["failed"] }, 500);
  }
}

interface Problems {
  formErrors?: ProblemCode[];
  fieldErrors?: Record<string, ProblemCode[]>;
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }));

export default function Register() {
  const m = useTexts(registerTexts);
  const loaded = useLoaderData<typeof loader>();
  const acted = useAnswer<typeof action>();
  const taken = acted?.result.error?.email?.includes("email_taken") ? String(acted.result.initialValue?.email) : null;
  return (
    <Page>
      <PageHeader title={m.title} lead={m.lead} />
      <Card className="grid md:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid gap-5 p-5 sm:p-8 lg:p-10">
          {taken ? <TakenAddress email={taken} canMail={loaded.canMail} /> : null}
          <RegistrationForm
            result={acted?.result}
            email={loaded.email}
            stamp={acted?.stamp ?? loaded.stamp}
            work={acted?.work ?? loaded.work}
          />
        </div>
        <CardStub beside className="p-5 sm:p-8 lg:p-10">
          <RegistrationSteps />
        </CardStub>
      </Card>
    </Page>
  );
}
