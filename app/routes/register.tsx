import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card, CardStub } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { RegistrationForm } from "~/features/registration/registration-form";
import { RegistrationSteps } from "~/features/registration/registration-steps";
import { offerForm, takeRegistration } from "~/features/registration/take-registration.server";
import { TakenAddress } from "~/features/registration/taken-address";
import { registerTexts } from "~/features/registration/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requireGuest } from "~/page/session.server";
import { canMail } from "~server/platform/mail";
import { clearedAddressCookie, provenAddress } from "~server/registration/proven-address";
import { signUp } from "~server/registration/sign-up";
import { getUtmDataFromCookies } from "~server/registration/utmUtils";

export async function loader(args: LoaderFunctionArgs) {
  await requireGuest(args);
  const { env } = args.context.services;
  return {
    ...(await offerForm(args)),
    email: provenAddress(env, args.request.headers.get("cookie")),
    canMail: canMail(env),
  };
}

export const action = (args: ActionFunctionArgs) =>
  takeRegistration(args, async (registration) => {
    const { services } = args.context;
    const cookieHeader = args.request.headers.get("cookie");
    const { outcome, cookies } = await signUp(services, {
      ...registration,
      utm: getUtmDataFromCookies(cookieHeader),
      provenEmail: provenAddress(services.env, cookieHeader),
    });
    const headers = new Headers();
    for (const cookie of cookies) headers.append("Set-Cookie", cookie);
    if (outcome === "code") return redirect("/login/code?redirectTo=%2Faccount", { headers });
    if (outcome !== "known") headers.append("Set-Cookie", clearedAddressCookie(services.env));
    return redirect(outcome === "known" ? "/account?known" : "/account", { headers });
  });

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }));

export default function Register() {
  const m = useTexts(registerTexts);
  const loaded = useLoaderData<typeof loader>();
  const acted = useAnswer<typeof action>();
  const taken = acted?.reply.fields.email?.includes("email_taken") ? acted.reply.values.email : null;
  return (
    <Page>
      <PageHeader title={m.title} lead={m.lead} />
      <Card className="grid md:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid gap-5 p-5 sm:p-8 lg:p-10">
          {taken ? <TakenAddress email={taken} canMail={loaded.canMail} /> : null}
          <RegistrationForm
            reply={acted?.reply}
            email={loaded.email}
            consents={acted?.consents ?? loaded.consents}
            shown={acted?.shown ?? loaded.shown}
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
