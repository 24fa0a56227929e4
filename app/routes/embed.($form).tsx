import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { isRouteErrorResponse, useLoaderData, useRouteError } from "@remix-run/react";
import { useRef } from "react";
import { errorKind } from "~/components/layout/error-page";
import { SiteLogo } from "~/components/layout/site-logo";
import { ButtonLink } from "~/components/ui/button";
import { PageHeader } from "~/components/ui/page";
import { LinkTarget } from "~/components/ui/text-link";
import { afterwards } from "~/features/embed/afterwards.server";
import { Registered } from "~/features/embed/registered";
import { useToldHeight, useToldRegistration } from "~/features/embed/site-messages";
import { embedTexts } from "~/features/embed/texts";
import { formFor } from "~/features/registration/form-for.server";
import { RegistrationForm } from "~/features/registration/registration-form";
import { offerForm, takeRegistration } from "~/features/registration/take-registration.server";
import { TakenAddress } from "~/features/registration/taken-address";
import { registerTexts } from "~/features/registration/texts";
import { useAnswer } from "~/hooks/use-answer";
import { errorPageTexts, problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import { pageMeta } from "~/page/page-meta";
import { isFormKept } from "~/page/session.server";
import { asksForConfirmation } from "~server/confirmation/confirmation";
import { afterAddress } from "~server/forms/after";
import type { Form } from "~server/forms/forms";
import { wordsIn } from "~server/forms/questions";
import { answersInAddress } from "~server/forms/shown-form";
import { requestLocale } from "~server/http/request-locale";
import { logoOf } from "~server/platform/logo";
import { visitField } from "~server/registration/form-fields";
import { framingSite, handedParameters, handedVisit, visitOf } from "~server/registration/handed-visit";
import { signUpWithoutSession } from "~server/registration/sign-up";

/**
 * The registration form for pages of other sites, which may frame it. Nothing here asks who looks at it: a frame must show
 * nothing of a signed-in person, and no page but this one may ever stand in it, so each link opens a tab.
 */
export async function loader(args: LoaderFunctionArgs) {
  const { request, context } = args;
  const { env } = context.services;
  const form = formOf(args);
  const { definition, isClosed } = form;
  if (isClosed && !isFormKept(context)) throw data(null, { status: closedStatus });
  const locale = requestLocale(request);
  const handover = { url: new URL(request.url), referer: request.headers.get("referer"), env };
  return {
    form: formFor(context.services, form, locale),
    hidden: answersInAddress(definition, handedParameters(handover)),
    ...(await offerForm(args)),
    site: framingSite(handover),
    visit: handedVisit(handover),
    address: afterAddress(definition.after),
    logo: logoOf(env.SITE_LOGO),
    siteName: env.SITE_NAME ?? siteTexts[locale].name,
    text: definition.after.kind === "text" ? wordsIn(definition.after.text, locale) : "",
    confirms: asksForConfirmation(env),
  };
}

/** Registers as /register does, but opens no session: the answer is a confirmation. */
export function action(args: ActionFunctionArgs) {
  const form = formOf(args);
  return takeRegistration(args, form, async (taken, sent) => {
    const registration = { ...taken, utm: visitOf(sent.get(visitField)) };
    const { services } = args.context;
    const { outcome } = await signUpWithoutSession(services, registration);
    return data({
      outcome,
      said: afterwards(services.env, { locale: taken.locale, isReviewed: taken.review === true }),
    });
  });
}

/** A form that takes no registrations any more. */
const closedStatus = 410;

const isClosedError = (error: unknown): boolean => isRouteErrorResponse(error) && error.status === closedStatus;

function formOf({ params, context }: LoaderFunctionArgs | ActionFunctionArgs): Form {
  const { forms } = context.services;
  const form = params.form === undefined ? forms.first() : forms.bySlug(params.form);
  if (!form) throw data(null, { status: 404 });
  return form;
}

export { actionHeaders as headers } from "~/page/action-headers";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta: MetaFunction = (args) =>
  args.error && !isClosedError(args.error)
    ? pageMeta(errorPageTexts, (m) => ({ title: m[errorKind(args.error)].title }))(args)
    : pageMeta(registerTexts, (m) => ({ title: m.title, description: m.description }))(args);

export default function Embed() {
  const m = useTexts(registerTexts);
  const { site, address, text, confirms, logo, siteName, ...loaded } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const done = answer && "outcome" in answer ? answer : null;
  const refused = answer && "reply" in answer ? answer : undefined;
  const form = refused?.form ?? loaded.form;
  const taken = refused?.reply.fields.email?.includes("email_taken") ? refused.reply.values.email : null;
  const content = useRef<HTMLDivElement>(null);
  useToldHeight(site, content);
  useToldRegistration(site, done !== null && done.outcome !== "known");
  return (
    <LinkTarget.Provider value="_blank">
      <div ref={content} className="mx-auto grid w-full max-w-form gap-6 p-4 sm:p-6">
        {logo ? <SiteLogo logo={logo} name={siteName} /> : null}
        {done ? (
          <Registered
            isKnown={done.outcome === "known"}
            address={address}
            text={text || done.said}
            confirms={confirms}
          />
        ) : (
          <>
            <PageHeader title={form.heading || m.title} lead={form.lead} />
            {/* Without the mail that a form would ask for: its answer is another page. */}
            {taken ? <TakenAddress email={taken} canMail={false} /> : null}
            <RegistrationForm {...loaded} {...refused} reply={refused?.reply} email={null} />
          </>
        )}
      </div>
    </LinkTarget.Provider>
  );
}

/** In place of the site's page about errors, whose links would lead to other pages inside the frame. */
export function ErrorBoundary() {
  const m = useTexts(errorPageTexts);
  const { failed } = useTexts(embedTexts);
  const locale = useLocale();
  const error = useRouteError();
  const { title, text } = m[errorKind(error)];
  if (isClosedError(error))
    return (
      <div className="mx-auto grid w-full max-w-form gap-6 p-4 sm:p-6">
        <PageHeader title={registerTexts[locale].title} lead={problemText(locale, "form_closed")} />
      </div>
    );
  return (
    <div className="mx-auto grid w-full max-w-form gap-6 p-4 sm:p-6">
      <PageHeader title={title} lead={text} />
      <p>
        <ButtonLink to="/register" target="_blank">
          {failed}
        </ButtonLink>
      </p>
    </div>
  );
}
