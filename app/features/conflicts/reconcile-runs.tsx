import { Alert } from "~/components/ui/alert";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { conflictsTexts } from "~/features/conflicts/texts";
import { ActorName } from "~/features/users/actor-name";
import { formatDuration } from "~/i18n/duration";
import { formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import type { ReconcileRunView } from "~server/deal-sync/reconcile-runs";

interface Props {
  runs: ReconcileRunView[];
  /** Names of the administrators who requested a run. */
  names: Record<string, string>;
  /** The queue is paused, and reconciliation with it. */
  isPaused: boolean;
}

/** Reconciliation: the running one with its progress, or a button to start one, and the results of the last runs. */
export function ReconcileRuns({ runs, names, isPaused }: Props) {
  const m = useTexts(conflictsTexts).reconciliation;
  const running = runs.find((run) => run.finishedAt === null);
  const finished = runs.filter((run) => run !== running);
  return (
    <div className="grid gap-5" data-reconciliation={running ? "running" : "idle"}>
      {running ? (
        <div className="grid justify-items-start gap-2">
          <div role="status">
            <Badge tone="wait">{m.running}</Badge>
          </div>
          <Run run={running} names={names} />
          {isPaused ? (
            <Alert tone="wait">
              {m.paused} <TextLink to="/admin/crm">{m.queue}</TextLink>
            </Alert>
          ) : null}
        </div>
      ) : (
        <PostForm action="/admin/conflicts">
          <Button type="submit" name="intent" value="compare">
            {m.start}
          </Button>
        </PostForm>
      )}
      <div className="grid gap-2">
        <h3 className="font-medium">{m.last}</h3>
        {finished.length === 0 ? <p className="text-sm text-ink-soft">{m.never}</p> : null}
        <ol className="divide-y divide-line">
          {finished.map((run) => (
            <li key={run.id} className="py-2.5">
              <Run run={run} names={names} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

/** That all were told goes without saying. */
const countsShown = ({ unread = 0 }: ReconcileRunView["counts"]) =>
  (["compared", "changed", "repaired", "unread"] as const).filter((name) => name !== "unread" || unread > 0);

function Run({
  run: { actorId, startedAt, finishedAt, counts },
  names,
}: Pick<Props, "names"> & { run: ReconcileRunView }) {
  const m = useTexts(conflictsTexts).reconciliation;
  const locale = useLocale();
  const seconds = finishedAt === null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return (
    <div className="grid gap-1 text-sm">
      <p>
        <DateTime value={startedAt} />
        <span aria-hidden="true"> · </span>
        {actorId === null ? m.byNight : <ActorName actor={{ kind: "USER", id: actorId }} names={names} />}
        {seconds === null ? null : ` · ${m.took(formatDuration(locale, seconds))}`}
      </p>
      <dl className="flex flex-wrap gap-x-4 text-ink-soft">
        {countsShown(counts).map((name) => (
          <div key={name} className="flex gap-1">
            <dt>{m[name]}:</dt>
            <dd className="tabular-nums" data-count={name}>
              {formatNumber(locale, counts[name] ?? 0)}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
