import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useLocation, useNavigation } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PageGone } from "~/components/ui/page-gone";
import { Pager } from "~/components/ui/pager";
import { actOnConflicts } from "~/features/conflicts/actions.server";
import { ConflictList } from "~/features/conflicts/conflict-list";
import { ConflictOutcome } from "~/features/conflicts/conflict-outcome";
import { ReconcileRuns } from "~/features/conflicts/reconcile-runs";
import { conflictsTexts } from "~/features/conflicts/texts";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { listConflicts } from "~server/conflicts/list";
import { inSnapshot } from "~server/database/snapshot";
import { listReconcileRuns, type ReconcileRunView } from "~server/deal-sync/reconcile-runs";
import { parseId } from "~server/platform/ids";
import { readPortalState } from "~server/queue/circuit-breaker";

const shownRuns = 5;

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const asked = new URL(args.request.url).searchParams.get("before");
  const before = parseId(asked) ?? undefined;
  const { list, runs, portal } = await inSnapshot(services.db, async (db) => ({
    list: await listConflicts({ ...services, db }, { before }),
    runs: await listReconcileRuns({ db }, shownRuns),
    portal: await readPortalState({ db }),
  }));
  const askers = runs.flatMap(({ actorId: id }) => (id === null ? [] : [{ kind: "USER" as const, id }]));
  return {
    ...list,
    isFirst: before === undefined,
    ignored: asked !== null && before === undefined,
    runs,
    names: await nameActors(services, askers),
    isPaused: portal.pausedBy !== null,
  };
}

export async function action(args: ActionFunctionArgs) {
  return actOnConflicts(args, await requirePageAdmin(args));
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(conflictsTexts, (m) => ({ title: m.title, description: m.description }));

const isRunning = (runs: ReconcileRunView[] = []) => runs.some((run) => run.finishedAt === null);

export const handle: PageHandle = {
  waits: (loaded) => isRunning((loaded as { runs?: ReconcileRunView[] } | undefined)?.runs),
};

export default function Conflicts() {
  const m = useTexts(conflictsTexts);
  const { conflicts, next, isFirst, ignored, runs, names, isPaused } = useLoaderData<typeof loader>();
  const { pathname, search } = useLocation();
  const result = useLastAnswer(useActionData<typeof action>());
  const sent = useNavigation().formData;
  usePoll(isRunning(runs));
  return (
    <Page width="wide">
      <PageHeader title={m.title} lead={m.lead} />
      <ConflictOutcome result={result} />
      {ignored ? <Alert tone="wait">{m.ignored}</Alert> : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_17rem]">
        <div className="grid min-w-0 gap-4">
          {conflicts.length === 0 && !isFirst ? (
            <PageGone first={pathname} />
          ) : conflicts.length === 0 ? (
            <EmptyState title={m.none.title}>{runs.length === 0 ? m.none.never : m.none.text}</EmptyState>
          ) : (
            <Card className="p-5 sm:p-8 lg:px-4 lg:py-3">
              <ConflictList
                conflicts={conflicts}
                decider={{ form: Form, action: pathname + search, sent }}
                heading="h2"
                withPerson
              />
            </Card>
          )}
          <Pager
            label={m.pages}
            previous={isFirst ? null : { to: pathname, label: m.newest }}
            next={next === null ? null : { to: `${pathname}?before=${next}`, label: m.older }}
          />
        </div>
        <Card className="grid min-w-0 gap-5 p-5 sm:p-6 lg:gap-3 lg:p-4">
          <div className="grid gap-2">
            <h2 className="text-lg font-semibold">{m.reconciliation.title}</h2>
            <p className="text-sm text-ink-soft">{m.reconciliation.text}</p>
          </div>
          <ReconcileRuns runs={runs} names={names} isPaused={isPaused} />
        </Card>
      </div>
    </Page>
  );
}
