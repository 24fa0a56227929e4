import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { PersonForms } from "~/features/account/as-person";
import { actOnSecondFactor, type FactorAnswer } from "~/features/second-factor/actions.server";
import { EnrolmentForm, FactorForms } from "~/features/second-factor/forms";
import { qrPath } from "~/features/second-factor/qr-path.server";
import { RecoveryCodes } from "~/features/second-factor/recovery-codes";
import { secondFactorTexts } from "~/features/second-factor/texts";
import { useAnswer, useIsLost } from "~/hooks/use-answer";
import { useShownOnce } from "~/hooks/use-last-answer";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import { pageMeta } from "~/page/page-meta";
import { askPasswordBefore, requirePasswordAgain } from "~/page/password-again.server";
import { requirePageUser } from "~/page/session.server";
import type { Actor } from "~server/audit/actor";
import { type Enrolment, newEnrolment, openEnrolment } from "~server/auth/second-factor/enrolment";
import { readSecondFactor } from "~server/auth/second-factor/second-factor";
import { requestLocale } from "~server/http/request-locale";
import { localPath } from "~server/platform/local-path";

type PageActor = Extract<Actor, { kind: "USER" }>;

/** For administrators, and for who was one and has a second factor still. */
async function requireFactorUser(args: LoaderFunctionArgs) {
  const actor = await requirePageUser(args, { mayEnrol: true });
  const factor = await readSecondFactor(args.context.services, actor.id);
  const isAdmin = actor.role === "ADMIN" || actor.mustEnrol === true;
  if (!isAdmin && !factor) throw data(null, { status: 403 });
  return { actor, factor };
}

const siteName = ({ request, context }: LoaderFunctionArgs | ActionFunctionArgs) =>
  context.services.env.SITE_NAME ?? siteTexts[requestLocale(request)].name;

const view = ({ secret, sealed, uri }: Enrolment) => ({ secret, sealed, picture: qrPath(uri) });

export async function loader(args: LoaderFunctionArgs) {
  const { request, context } = args;
  const { services } = context;
  const { actor, factor } = await requireFactorUser(args);
  // A session left open must not see a secret that is about to count.
  if (!factor) await askPasswordBefore(args);
  const { searchParams } = new URL(request.url);
  return {
    person: actor.id,
    factor,
    enrolment: factor ? null : view(await newEnrolment(services, actor.id, siteName(args))),
    mustEnrol: actor.mustEnrol === true,
    used: searchParams.has("used"),
    off: searchParams.has("off"),
    to: localPath(searchParams.get("redirectTo"), actor.mustEnrol || actor.role === "ADMIN" ? "/admin" : "/account"),
    site: new URL(services.env.APP_URL).host,
  };
}

export async function action(args: ActionFunctionArgs) {
  const { actor } = await requireFactorUser(args);
  const answer = await actOnSecondFactor(args, actor, (form) => requirePasswordAgain(args, actor, form));
  return data({ ...answer.data, shownAgain: await shownAgain(args, actor, answer.data) }, answer.init ?? {});
}

/** After a wrong code the same picture is shown again: it has been scanned. */
async function shownAgain(args: ActionFunctionArgs, actor: PageActor, { sealed }: FactorAnswer) {
  if (sealed === null) return null;
  const enrolment = await openEnrolment(args.context.services, actor.id, siteName(args), sealed);
  return enrolment && view(enrolment);
}

export { actionHeaders as headers } from "~/page/action-headers";
export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(secondFactorTexts, (m) => ({ title: m.title, description: m.lead }));

export default function SecondFactor() {
  const m = useTexts(secondFactorTexts);
  const { person, factor, enrolment, mustEnrol, used, off, to, site } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  // If the answer to a request for new codes was lost, the old ones may hold no longer.
  const isUnknown = useIsLost();
  const given = answer?.codes.length ? answer.codes : undefined;
  const codes = useShownOnce(isUnknown ? null : given, factor?.enabledAt);
  return (
    <Page width="text">
      <div className="grid gap-2">
        {mustEnrol && !factor ? null : (
          <p className="text-sm">
            <TextLink to="/account">{m.back}</TextLink>
          </p>
        )}
        <PageHeader title={m.title} lead={m.lead} />
      </div>
      {mustEnrol && !factor ? <Alert tone="wait">{m.required}</Alert> : null}
      {used && factor && !answer ? (
        <Alert tone="wait">
          {m.on.used} <TextLink to={to}>{m.goOn}</TextLink>
        </Alert>
      ) : null}
      {off && !factor && !answer ? <Alert tone="good">{m.on.off}</Alert> : null}
      {answer?.refused === "twice" && factor ? <Alert tone="wait">{m.setUp.twice}</Alert> : null}
      {codes && factor ? <RecoveryCodes key={codes[0]} codes={codes} site={site} to={to} /> : null}
      <PersonForms value={person}>
        {factor ? <FactorForms key={factor.enabledAt} factor={factor} answer={answer} /> : null}
        {enrolment ? <EnrolmentForm enrolment={answer?.shownAgain ?? enrolment} answer={answer} /> : null}
      </PersonForms>
    </Page>
  );
}
