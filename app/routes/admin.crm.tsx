import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { Form, Link, useLoaderData, useLocation } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { denseButton } from "~/components/ui/dense-list";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PageGone } from "~/components/ui/page-gone";
import { Pager } from "~/components/ui/pager";
import { PostForm } from "~/components/ui/post-form";
import { TickPage } from "~/components/ui/select-page";
import { ApiUsageTable } from "~/features/queue/api-usage-table";
import { BacklogList } from "~/features/queue/backlog-list";
import { QueueNumbers, QueueState } from "~/features/queue/queue-state";
import { ResentAlert } from "~/features/queue/resent-alert";
import { queueTexts } from "~/features/queue/texts";
import { FreshnessBadge } from "~/features/statistics/freshness-badge";
import { useAnswer } from "~/hooks/use-answer";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { useSteadyPoll } from "~/hooks/use-poll";
import { formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import { sentId } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { readApiUsage } from "~server/queue/api-usage";
import { listBacklog } from "~server/queue/backlog";
import { type BacklogKind, backlogKinds, parseBacklogCursor } from "~server/queue/backlog-query";
import { pauseQueue, resumeQueue } from "~server/queue/pause";
import { resendMany } from "~server/queue/resend";
import { type QueueView, readQueue } from "~server/worker/queue-view";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const params = new URL(args.request.url).searchParams;
  const kind = backlogKinds.find((known) => known === params.get("list")) ?? "waiting";
  const after = parseBacklogCursor(params.get("after"));
  const ignored = (params.has("list") && kind !== params.get("list")) || (params.has("after") && !after);
  const [queue, backlog, operating] = await Promise.all([
    readQueue(services),
    listBacklog(services, { kind, after }),
    readApiUsage(services),
  ]);
  return { kind, isFirst: !after, ignored, queue, backlog, operating };
}

type Outcome = "paused" | "alreadyPaused" | "resumed" | "alreadyRunning" | { resent: number };

export async function action(args: ActionFunctionArgs): Promise<{ outcome: Outcome }> {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const form = await readForm(args.request);
  const id = form.get("resend");
  if (typeof id === "string") {
    const { resent } = await resendMany(services, { actor, userIds: [sentId(id)] });
    return { outcome: { resent } };
  }
  switch (form.get("intent")) {
    case "pause":
      return { outcome: (await pauseQueue(services, { actor })) ? "paused" : "alreadyPaused" };
    case "resume":
      return { outcome: (await resumeQueue(services, { actor })) ? "resumed" : "alreadyRunning" };
    default:
      throw data(null, { status: 400 });
  }
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(queueTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminCrm() {
  const m = useTexts(queueTexts);
  const { queue, operating } = useLoaderData<typeof loader>();
  const done = useLastAnswer(useAnswer<typeof action>());
  const freshness = useSteadyPoll();
  return (
    <Page width="wide">
      <PageHeader title={m.title} actions={<FreshnessBadge freshness={freshness} />} />
      {done ? <OutcomeAlert outcome={done.outcome} /> : null}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card className="grid gap-5 p-4 sm:p-8">
          <QueueState queue={queue} />
          <PauseForm pausedBy={queue.pausedBy} />
        </Card>
        <Card className="px-4 py-4.5 sm:px-8">
          <QueueNumbers queue={queue} />
        </Card>
      </div>
      <Backlog queue={queue} />
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.operating}</h2>
        <p className="max-w-text text-sm text-ink-soft">{m.operatingText}</p>
        <ApiUsageTable statistics={operating} />
      </section>
    </Page>
  );
}

function OutcomeAlert({ outcome }: { outcome: Outcome }) {
  const m = useTexts(queueTexts);
  if (typeof outcome !== "string") return <ResentAlert resent={outcome.resent} />;
  return <Alert tone={outcome === "paused" || outcome === "resumed" ? "good" : "wait"}>{m[outcome]}</Alert>;
}

function PauseForm({ pausedBy }: { pausedBy: QueueView["pausedBy"] }) {
  const m = useTexts(queueTexts);
  return (
    <PostForm preventScrollReset className="flex flex-wrap gap-3">
      {pausedBy === null ? null : (
        <Button type="submit" name="intent" value="resume">
          {m.resume}
        </Button>
      )}
      {pausedBy === "admin" ? null : (
        <Button type="submit" name="intent" value="pause" look="secondary">
          {m.pause}
        </Button>
      )}
    </PostForm>
  );
}

function Backlog({ queue }: { queue: QueueView }) {
  const m = useTexts(queueTexts);
  const locale = useLocale();
  const { kind, isFirst, ignored, backlog } = useLoaderData<typeof loader>();
  const { pathname, search } = useLocation();
  const counts: Record<BacklogKind, number> = {
    waiting: queue.pending - queue.retrying,
    retrying: queue.retrying,
    failed: queue.failed,
  };
  const first = `/admin/crm?list=${kind}`;
  return (
    <section className="grid min-w-0 gap-4">
      <h2 className="text-lg font-semibold">{m.lists}</h2>
      {ignored ? <Alert tone="wait">{m.ignored}</Alert> : null}
      <nav aria-label={m.lists} className="flex flex-wrap">
        {backlogKinds.map((each) => (
          <Link
            key={each}
            to={`/admin/crm?list=${each}`}
            preventScrollReset
            aria-current={each === kind ? "page" : undefined}
            className="inline-flex min-h-11 items-center gap-2 rounded-md px-3 text-sm text-ink-soft hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-good"
          >
            {m.kinds[each]} <span className="tabular-nums">{formatNumber(locale, counts[each])}</span>
          </Link>
        ))}
      </nav>
      {backlog.entries.length === 0 && !isFirst ? (
        <PageGone first={first} />
      ) : backlog.entries.length === 0 ? (
        <EmptyState title={m.empty[kind].title} isAnswer>
          {m.empty[kind].text}
        </EmptyState>
      ) : (
        <Card>
          {/* Rendered afresh with another list or page: "this page" concerns the one that is shown. */}
          <Form method="get" action="/admin/crm/resend" key={search}>
            <input type="hidden" name="list" value={kind} />
            <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-4 py-3 sm:px-5 lg:px-3 lg:py-1">
              <TickPage label={m.selectPage} />
              <div className="flex flex-wrap gap-3">
                <Button type="submit" look="secondary" size="sm" className={denseButton}>
                  {m.resendChosen}
                </Button>
                {kind === "failed" ? (
                  <ButtonLink to="/admin/crm/resend?all=1" look="secondary" size="sm" className={denseButton}>
                    {m.resendAll(counts.failed)}
                  </ButtonLink>
                ) : null}
              </div>
            </div>
            <BacklogList entries={backlog.entries} label={m.kinds[kind]} page={pathname + search} />
          </Form>
        </Card>
      )}
      <Pager
        label={m.pages}
        previous={isFirst ? null : { to: first, label: m.first }}
        next={backlog.next ? { to: `${first}&after=${backlog.next}`, label: m.next } : null}
      />
    </section>
  );
}
