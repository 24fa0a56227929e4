import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { type ClientActionFunctionArgs, isRouteErrorResponse, useActionData, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { Page, PageHeader } from "~/components/ui/page";
import { Pager } from "~/components/ui/pager";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { UserConflicts } from "~/features/conflicts/user-conflicts";
import { PaymentHistory } from "~/features/payments/payment-history";
import { PaymentStatus } from "~/features/payments/payment-status";
import { paymentTexts } from "~/features/payments/texts";
import { CorrectionState } from "~/features/privacy/correction-state";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { CrmLog } from "~/features/queue/call-log";
import { CrmProgress } from "~/features/queue/crm-progress";
import { actOnUser, type UserActionResult } from "~/features/users/actions.server";
import { Touches } from "~/features/users/attribution";
import { isRegistration } from "~/features/users/is-registration";
import { adminUsersTexts } from "~/features/users/list-texts";
import { adminUserTexts } from "~/features/users/person-texts";
import { UserInfo } from "~/features/users/user-info";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { useLeftList } from "~/hooks/use-left-list";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { listSessions } from "~server/auth/sessions";
import { portalCardUrl } from "~server/bitrix24/card-url";
import { asksForConfirmation } from "~server/confirmation/confirmation";
import { listConflicts } from "~server/conflicts/list";
import { readCorrection } from "~server/corrections/corrections";
import { getCrmProgress, listCrmLog } from "~server/crm/call-log";
import { shownAnswers } from "~server/forms/answer-words";
import type { Forms } from "~server/forms/forms";
import { siteQuestions } from "~server/forms/questions";
import { requestLocale } from "~server/http/request-locale";
import { paymentHistory } from "~server/payments/payments";
import { fullName } from "~server/person/full-name";
import { parseId, parseLogId } from "~server/platform/ids";
import { listConsents, processingWithdrawnAt } from "~server/privacy/consents";
import { getErasure } from "~server/privacy/erasures";
import { getShownUser, type UserView } from "~server/users/users";

const changesOnPage = 10;
/** Parameters that say where a list goes on. */
const cursors = ["log", "payments"];

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const id = pageId(args.params.id);
  const { services } = args.context;
  const { searchParams } = new URL(args.request.url);
  const logBefore = parseLogId(searchParams.get("log")) ?? undefined;
  const changesBefore = parseId(searchParams.get("payments")) ?? undefined;
  const [user, progress, log, newest, changes, consents, sessions, { conflicts }, correction] = await Promise.all([
    getShownUser(services, id),
    getCrmProgress(services, id),
    listCrmLog(services, id, { before: logBefore }),
    paymentHistory(services, id, { limit: 1 }),
    paymentHistory(services, id, {
      limit: changesOnPage + 1,
      before: changesBefore,
    }),
    listConsents(services, id),
    listSessions(services, id, null),
    listConflicts(services, { userId: id }),
    readCorrection(services, id),
  ]);
  if (!user || !progress) {
    if (await getErasure(services, id)) throw redirect(`/admin/rights/${id}`);
    throw data(null, { status: 404 });
  }
  const shown = changes.slice(0, changesOnPage);
  const card = (kind: "contact" | "deal", number: number | null) =>
    number === null ? null : portalCardUrl(services.bitrix24.client.host, kind, number);
  return {
    user,
    answers: shownAnswers(siteQuestions(services.forms.all()), user.answers, requestLocale(args.request), {
      hidden: true,
    }),
    form: services.forms.all().length > 1 && isRegistration(user) ? nameOf(services.forms, user.form) : null,
    asksForConfirmation: asksForConfirmation(services.env),
    consentWithdrawnAt: processingWithdrawnAt(consents),
    ignored: [...searchParams].some(
      ([name, text]) => cursors.includes(name) && text !== "" && parseLogId(text) === null,
    ),
    links: { contact: card("contact", user.bitrix24ContactId), deal: card("deal", user.bitrix24DealId) },
    progress,
    log: { ...log, isFirst: logBefore === undefined },
    payments: {
      newest: newest[0]?.id ?? null,
      changes: shown,
      next: changes.length > changesOnPage ? (shown.at(-1)?.id ?? null) : null,
      isFirst: changesBefore === undefined,
    },
    names: await nameActors(
      services,
      shown.map((change) => change.actor),
    ),
    sessions: sessions.length,
    conflicts,
    correction,
  };
}

/** Blank: the first form, if it has no name. */
const nameOf = (forms: Forms, slug: string | null): string =>
  (slug === null ? forms.first() : forms.bySlug(slug))?.name || slug || "";

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  return actOnUser(args, actor, pageId(args.params.id));
}

/** A connection that breaks, or a server in trouble, is a refusal that the page shows, and not the end of the page. */
export async function clientAction({ serverAction }: ClientActionFunctionArgs) {
  try {
    return await serverAction<typeof action>();
  } catch (error) {
    if (error instanceof Response || (isRouteErrorResponse(error) && error.status < 500)) throw error;
    return { intent: null, count: 0, problem: { code: "failed" } } satisfies UserActionResult;
  }
}

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(adminUserTexts, (m) => ({ title: m.title(Number(args.params.id)), description: m.description }))(args);

export const handle: PageHandle = {
  waits: (loaded) => (loaded as { user?: UserView } | undefined)?.user?.crmState === "pending",
};

export default function AdminUser() {
  const m = useTexts(adminUserTexts);
  const { firstForm } = useTexts(adminUsersTexts).filter;
  const payment = useTexts(paymentTexts);
  const rights = useTexts(rightsTexts);
  const {
    user,
    asksForConfirmation,
    consentWithdrawnAt,
    ignored,
    links,
    progress,
    log,
    payments,
    names,
    sessions,
    conflicts,
    correction,
    answers,
    form,
  } = useLoaderData<typeof loader>();
  const done = useActionData<typeof action>();
  const said = useLastAnswer(done);
  const list = useLeftList();
  usePoll(user.crmState === "pending");
  const page = `/admin/users/${user.id}`;
  return (
    // Another person is another page: what was refused or under way for the one before is not theirs.
    <Page key={user.id} width="wide">
      <div className="grid gap-2">
        <p className="text-sm">
          <TextLink to={list}>{m.back}</TextLink>
        </p>
        <PageHeader title={fullName(user)} lead={m.number(user.id)} />
      </div>
      {ignored ? <Alert tone="wait">{m.ignored}</Alert> : null}
      <Outcome done={said} />
      <UserConflicts conflicts={conflicts} />
      <div className="grid min-w-0 items-start gap-6 lg:grid-cols-2">
        <div className="grid min-w-0 gap-6">
          <Section title={payment.title} id="payments">
            <PaymentStatus user={user} changeId={payments.newest} refused={done?.problem} />
            <h3 className="border-t border-line pt-4 text-sm font-medium">{payment.history}</h3>
            <PaymentHistory
              changes={payments.changes}
              names={names}
              undoable={payments.isFirst ? payments.newest : null}
            />
            <Pager
              label={payment.history}
              previous={payments.isFirst ? null : { to: `${page}#payments`, label: payment.newest }}
              next={payments.next ? { to: `${page}?payments=${payments.next}#payments`, label: payment.older } : null}
            />
          </Section>
          <Section title={m.details}>
            <UserInfo
              user={user}
              asksForConfirmation={asksForConfirmation}
              answers={answers}
              form={form === "" ? firstForm : form}
              links={links}
            />
            {consentWithdrawnAt ? (
              <p className="text-sm font-medium text-bad">
                {rights.withdrawn.title}: <DateTime value={consentWithdrawnAt} />
              </p>
            ) : null}
            <p className="text-sm">
              <TextLink to={`/admin/users/${user.id}/rights`}>{rights.rights.link}</TextLink>{" "}
              <TextLink to={`/admin/users/${user.id}/preview`}>{m.preview}</TextLink>
            </p>
          </Section>
          <Section title={m.touches}>
            <Touches utm={user.utm} />
          </Section>
          <Section title={m.sessions.title}>
            <p>{sessions > 0 ? m.sessions.open(sessions) : m.sessions.none}</p>
            {sessions > 0 ? (
              <PostForm preventScrollReset>
                <Button type="submit" name="intent" value="endSessions" look="secondary" size="sm">
                  {m.sessions.end}
                </Button>
              </PostForm>
            ) : null}
          </Section>
        </div>
        <div className="grid min-w-0 gap-6">
          <Section title={m.crm.title}>
            {isRegistration(user) ? (
              <CrmProgress state={user.crmState} progress={progress} />
            ) : (
              <p>{m.crm.notRegistered}</p>
            )}
            <CorrectionState correction={correction} />
          </Section>
          <Section title={m.log.title} id="log">
            <CrmLog entries={log.entries} />
            <Pager
              label={m.log.title}
              previous={log.isFirst ? null : { to: `${page}#log`, label: m.log.newest }}
              next={log.next ? { to: `${page}?log=${log.next}#log`, label: m.log.older } : null}
            />
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** What the last form did, where the page does not show it by itself. */
function Outcome({ done }: { done: UserActionResult | undefined }) {
  const m = useTexts(adminUserTexts);
  const payment = useTexts(paymentTexts);
  if (!done || done.problem) return null;
  switch (done.intent) {
    case "undo":
      return <Alert tone="good">{payment.undone}</Alert>;
    case "resend":
      return <Alert tone="good">{done.count > 0 ? m.crm.resent : m.crm.notResent}</Alert>;
    case "endSessions":
      return <Alert tone="good">{m.sessions.ended(done.count)}</Alert>;
    default:
      return null;
  }
}

function Section({ title, id, children }: { title: string; id?: string; children: ReactNode }) {
  return (
    <Card className="p-5 sm:p-6">
      <section id={id} className="grid gap-4">
        <h2 className="text-lg font-semibold">{title}</h2>
        {children}
      </section>
    </Card>
  );
}
