import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { Page, PageHeader } from "~/components/ui/page";
import { Pager } from "~/components/ui/pager";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { UserConflicts } from "~/features/conflicts/user-conflicts";
import { PaymentStatus, usePaymentSwitch } from "~/features/payments/payment-status";
import { usePaymentToast } from "~/features/payments/payment-toast";
import { paymentTexts } from "~/features/payments/texts";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { TechnicalLog } from "~/features/timeline/technical-log";
import { timelineTexts } from "~/features/timeline/texts";
import { Timeline } from "~/features/timeline/timeline";
import { actOnUser, type UserActionResult } from "~/features/users/actions.server";
import { Touches } from "~/features/users/attribution";
import { adminUsersTexts } from "~/features/users/list-texts";
import { PersonCrm } from "~/features/users/person-crm";
import { loadPerson } from "~/features/users/person-page.server";
import { Section } from "~/features/users/person-section";
import { adminUserTexts } from "~/features/users/person-texts";
import { stateWait } from "~/features/users/state-wait";
import { UserInfo } from "~/features/users/user-info";
import { useAnswer } from "~/hooks/use-answer";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { useLeftList } from "~/hooks/use-left-list";
import { useNewest } from "~/hooks/use-newest";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { fullName } from "~server/person/full-name";
import type { UserView } from "~server/users/users";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  return loadPerson(args, pageId(args.params.id));
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  return actOnUser(args, actor, pageId(args.params.id));
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(adminUserTexts, (m) => ({ title: m.title(Number(args.params.id)), description: m.description }))(args);

export const handle: PageHandle = {
  waits: (loaded) => stateWait((loaded as { user?: UserView } | undefined)?.user),
};

export default function AdminUser() {
  const m = useTexts(adminUserTexts);
  const { firstForm } = useTexts(adminUsersTexts).filter;
  const { title: paymentTitle } = useTexts(paymentTexts);
  const history = useTexts(timelineTexts);
  const rights = useTexts(rightsTexts);
  const loaded = useLoaderData<typeof loader>();
  const { user, consentWithdrawnAt, ignored, log, timeline, payment, sessions, conflicts } = loaded;
  const form = loaded.form === "" ? firstForm : loaded.form;
  const done = useAnswer<typeof action>();
  const said = useLastAnswer(done);
  const newest = useNewest<UserActionResult>(said, usePaymentSwitch(user.id).data);
  usePaymentToast(done, user);
  const list = useLeftList();
  usePoll(stateWait(user));
  const page = `/admin/users/${user.id}`;
  return (
    // Another person is another page: what was refused or under way for the one before is not theirs.
    <Page key={user.id} width="wide">
      <div className="grid gap-2">
        <p className="text-sm print:hidden">
          <TextLink to={list}>{m.back}</TextLink>
        </p>
        <PageHeader title={fullName(user)} lead={m.number(user.id)} />
      </div>
      {ignored ? <Alert tone="wait">{m.ignored}</Alert> : null}
      <Outcome done={newest === said ? said : undefined} />
      <UserConflicts conflicts={conflicts} />
      <div className="grid min-w-0 items-start gap-6 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] print:block print:space-y-6">
        <div className="grid min-w-0 gap-6 sm:grid-cols-2 lg:col-span-2">
          <PersonCrm {...loaded} />
          <Section title={paymentTitle} id="payments">
            <PaymentStatus user={user} changeId={payment.newest} page={said} />
          </Section>
        </div>
        <div className="grid min-w-0 gap-6 lg:col-start-2 lg:row-start-2">
          <Section title={m.details}>
            <UserInfo
              user={user}
              asksForConfirmation={loaded.asksForConfirmation}
              answers={loaded.answers}
              form={form}
              links={loaded.links}
            />
            {consentWithdrawnAt ? (
              <p className="text-sm font-medium text-bad">
                {rights.withdrawn.title}: <DateTime value={consentWithdrawnAt} />
              </p>
            ) : null}
            <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm print:hidden">
              <TextLink to={`${page}/rights`}>{rights.rights.link}</TextLink>
              <TextLink to={`${page}/preview`}>{m.preview}</TextLink>
            </p>
          </Section>
        </div>
        <div className="grid min-w-0 gap-6 lg:row-span-2 lg:row-start-2">
          <Section title={history.title} id="timeline">
            <Timeline
              events={timeline.events}
              person={{ ...timeline.person, form }}
              names={timeline.names}
              undoable={payment.newest}
            />
            <Pager
              label={history.title}
              previous={timeline.isFirst ? null : { to: `${page}#timeline`, label: history.newest }}
              next={timeline.next ? { to: `${page}?before=${timeline.next}#timeline`, label: history.older } : null}
            />
            <TechnicalLog page={page} log={log} />
            <p className="text-sm print:hidden">
              <TextLink to={`/admin/audit?target=${user.id}`}>{history.all}</TextLink>
            </p>
          </Section>
        </div>
        <div className="grid min-w-0 gap-6 lg:col-start-2 lg:row-start-3">
          <Section title={m.touches}>
            <Touches utm={user.utm} />
          </Section>
          <Section title={m.sessions.title}>
            <p>{sessions > 0 ? m.sessions.open(sessions) : m.sessions.none}</p>
            {sessions > 0 ? (
              <PostForm preventScrollReset className="print:hidden">
                <Button type="submit" name="intent" value="endSessions" look="secondary" size="sm">
                  {m.sessions.end}
                </Button>
              </PostForm>
            ) : null}
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
      return done.count > 0 ? <Alert tone="good">{m.crm.resent}</Alert> : <Alert tone="wait">{m.crm.notResent}</Alert>;
    case "endSessions":
      return <Alert tone={done.count > 0 ? "good" : "wait"}>{m.sessions.ended(done.count)}</Alert>;
    default:
      return null;
  }
}
