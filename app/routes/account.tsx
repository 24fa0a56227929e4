import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Badge } from "~/components/ui/badge";
import { Card, CardStub } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { PersonForms } from "~/features/account/as-person";
import { ConfirmationNotice } from "~/features/account/confirmation-notice";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { CrmState } from "~/features/account/crm-state";
import { dataTexts } from "~/features/account/data-texts";
import { SessionList } from "~/features/account/session-list";
import { SignInList } from "~/features/account/sign-in-list";
import { accountTexts } from "~/features/account/texts";
import { secondFactorTexts } from "~/features/second-factor/texts";
import { stateWait } from "~/features/users/state-wait";
import { UserInfo } from "~/features/users/user-info";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requireSamePerson } from "~/page/same-person.server";
import { requirePageUser } from "~/page/session.server";
import { signOut } from "~server/auth/auth";
import { endAllSessions, endSession } from "~server/auth/sessions";
import { asksForConfirmation } from "~server/confirmation/confirmation";
import { shownAnswers } from "~server/forms/answer-words";
import { isFree } from "~server/forms/offer";
import { siteQuestions } from "~server/forms/questions";
import { requestLocale } from "~server/http/request-locale";
import { readableEmail } from "~server/platform/email-address";
import { readAccount } from "~server/users/account";
import { type UserView, viewForPerson } from "~server/users/users";

export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageUser(args);
  const { services } = args.context;
  const { searchParams } = new URL(args.request.url);
  const account = await readAccount(services, actor, args.request.headers.get("cookie"));
  if (!account) throw data(null, { status: 404 });
  const { user, isCharged, nextEmail, sessions, signIns, hasFactor } = account;
  const { forms, env } = services;
  const form = user.form === null ? forms.first() : forms.bySlug(user.form);
  const questions = siteQuestions(forms.all());
  return {
    user: viewForPerson(user, questions),
    answers: shownAnswers(questions, user.answers, requestLocale(args.request), {
      hidden: false,
    }),
    nextEmail: nextEmail === null ? null : readableEmail(nextEmail),
    sessions,
    signIns,
    factor: hasFactor ? ("on" as const) : actor.role === "ADMIN" ? ("off" as const) : null,
    isFree: !isCharged && form !== undefined && isFree(env, form),
    asksForConfirmation: asksForConfirmation(env),
    confirmed: searchParams.has("confirmed"),
    known: searchParams.has("known"),
  };
}

/** Ends one session, or all of them: `end` is a session's id or `all`. */
export async function action(args: ActionFunctionArgs) {
  const { request, context } = args;
  const actor = await requirePageUser(args);
  const form = await readForm(request);
  await requireSamePerson(args, actor, form);
  const end = form.get("end");
  if (typeof end !== "string") throw data(null, { status: 400 });
  const cookieHeader = request.headers.get("cookie");
  if (end !== "all") {
    await endSession(context.services, { userId: actor.id, sessionId: end, cookieHeader });
    return redirect("/account");
  }
  await endAllSessions(context.services, { actor, userId: actor.id });
  const setCookie = await signOut(context.services, cookieHeader);
  return redirect("/login", { headers: { "Set-Cookie": setCookie } });
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(accountTexts, (m) => ({ title: m.title, description: m.description }));

export const handle: PageHandle = {
  waits: (loaded) => stateWait((loaded as { user?: UserView } | undefined)?.user),
};

export default function Account() {
  const m = useTexts(accountTexts);
  const confirmation = useTexts(confirmationTexts);
  const ownData = useTexts(dataTexts);
  const secondFactor = useTexts(secondFactorTexts);
  const { user, answers, isFree, nextEmail, sessions, signIns, factor, asksForConfirmation, confirmed, known } =
    useLoaderData<typeof loader>();
  usePoll(stateWait(user));
  return (
    <Page width="text">
      <PageHeader title={m.greeting(user.firstName)} />
      {known ? <Alert tone="wait">{m.known}</Alert> : null}
      {confirmed && user.emailConfirmedAt ? <Alert tone="good">{confirmation.done}</Alert> : null}
      {nextEmail !== null || (asksForConfirmation && !user.emailConfirmedAt) ? (
        <ConfirmationNotice next={nextEmail} held={user.holds.includes("email")} />
      ) : null}
      {user.isRegistration ? <Slip user={user} isFree={isFree} /> : null}
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.details}</h2>
        <Card className="px-5 py-4.5 sm:px-8">
          <UserInfo user={user} asksForConfirmation={asksForConfirmation} answers={answers} />
        </Card>
        <p className="text-sm">
          <TextLink to="/account/data">{ownData.link}</TextLink>
        </p>
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.sessions.title}</h2>
        <p className="text-sm text-ink-soft">
          {m.sessions.text} <TextLink to="/forgot">{m.sessions.newPassword}</TextLink>
        </p>
        <Card className="px-5 py-2 sm:px-8">
          <PersonForms value={user.id}>
            <SessionList sessions={sessions} />
          </PersonForms>
        </Card>
        {factor ? (
          <p className="text-sm">
            <TextLink to="/account/second-factor">{secondFactor.link[factor]}</TextLink>
          </p>
        ) : null}
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.signIns.title}</h2>
        <p className="text-sm text-ink-soft">{m.signIns.text}</p>
        <Card className="px-5 py-2 sm:px-8">
          <SignInList signIns={signIns} />
        </Card>
      </section>
    </Page>
  );
}

/** The registration as a slip of paper: number and state, and below the perforation its payment. */
function Slip({ user, isFree }: { user: UserView; isFree: boolean }) {
  const m = useTexts(accountTexts);
  return (
    <Card>
      <div className="grid gap-4 p-5 sm:p-8">
        <h2 className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="text-lg font-semibold">{m.registration}</span>
          <span className="text-2xl text-ink-soft tabular-nums">{m.number(user.id)}</span>
        </h2>
        <CrmState state={user.crmState} holds={user.holds} />
      </div>
      <CardStub className="grid justify-items-start gap-2 p-5 sm:p-8">
        <h2 className="text-lg font-semibold">{m.payment}</h2>
        {isFree && !user.isPaid ? null : (
          <Badge tone={user.isPaid ? "good" : "plain"}>{user.isPaid ? m.paid : m.unpaid}</Badge>
        )}
        <p className="text-ink-soft">
          {user.paidAt ? (
            <>
              {m.paidAt}: <DateTime value={user.paidAt} dateOnly />
            </>
          ) : isFree ? (
            m.free
          ) : (
            m.unpaidText
          )}
        </p>
      </CardStub>
    </Card>
  );
}
