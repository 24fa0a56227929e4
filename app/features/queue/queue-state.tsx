import { Alert } from "~/components/ui/alert";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { TextLink } from "~/components/ui/text-link";
import { queueTexts } from "~/features/queue/texts";
import { formatDuration } from "~/i18n/duration";
import { formatNumber } from "~/i18n/format";
import { type Locale, useLocale, useTexts } from "~/i18n/locale";
import { reasonOf } from "~server/queue/reasons";
import type { QueueView } from "~server/worker/queue-view";

type Words = (typeof queueTexts)["en"];
type State = keyof Words["states"];
const tones: Record<State, BadgeTone> = {
  running: "good",
  retrying: "wait",
  silent: "bad",
  waiting: "wait",
  admin: "wait",
  breaker: "bad",
  untried: "bad",
};

function stateOf(queue: QueueView): State {
  if (queue.pausedBy) return queue.untried ? "untried" : queue.pausedBy;
  if (queue.workerSilent) return "silent";
  if (queue.comparing || queue.asked === "portal") return "waiting";
  return queue.retrying > 0 ? "retrying" : "running";
}

/** Whether the queue runs, and if not, why and what to do. A change is read out. */
export function QueueState({ queue }: { queue: QueueView }) {
  const m = useTexts(queueTexts);
  const locale = useLocale();
  const state = stateOf(queue);
  const { label, text } = m.states[state];
  const why = queue.pauseCode
    ? reasonOf(locale, { code: queue.pauseCode, field: queue.pauseField, reach: "everybody" })
    : null;
  return (
    <div data-queue-state={state} className="grid gap-3">
      <div role="status" className="grid justify-items-start gap-2">
        <Badge tone={tones[state]}>{label}</Badge>
        <p className="max-w-text text-ink-soft">{text}</p>
      </div>
      {why ? (
        <DataList
          rows={[
            {
              name: m.reason,
              value: (
                <>
                  {why.what} <span className="font-mono text-xs text-ink-soft">{queue.pauseCode}</span>
                </>
              ),
            },
            { name: m.todo, value: why.todo },
          ]}
        />
      ) : null}
      {queue.asked ? (
        <Alert tone="wait">
          {m.asked[queue.asked]} <TextLink to="/admin/portal">{m.answer}</TextLink>
        </Alert>
      ) : null}
      {queue.comparing ? <Alert tone="wait">{m.comparing}</Alert> : null}
      {queue.pausedAt ? (
        <p className="text-sm text-ink-soft">
          {m.since} <DateTime value={queue.pausedAt} exact />
        </p>
      ) : null}
    </div>
  );
}

/** A rate from before the pause says nothing about the time after it. */
function estimate({ pausedBy, secondsToDrain }: QueueView, m: Words, locale: Locale): string {
  if (pausedBy) return m.drainPaused;
  return secondsToDrain === null ? m.drainUnknown : formatDuration(locale, secondsToDrain);
}

function OldestWait({ queue: { oldestPendingSeconds, overdue, waitLimitMinutes } }: { queue: QueueView }) {
  const m = useTexts(queueTexts);
  const locale = useLocale();
  return (
    <span data-queue-overdue={overdue} className="tabular-nums">
      {formatDuration(locale, oldestPendingSeconds)}
      {overdue > 0 ? (
        <span className="text-bad">
          {" "}
          ({m.overdue(formatNumber(locale, overdue), formatNumber(locale, waitLimitMinutes))})
        </span>
      ) : null}
    </span>
  );
}

/** The queue in numbers. */
export function QueueNumbers({ queue }: { queue: QueueView }) {
  const m = useTexts(queueTexts);
  const locale = useLocale();
  const perMinuteNow = formatNumber(locale, Math.round(queue.syncedLast10Minutes) / 10);
  const empty = queue.pending === 0;
  return (
    <DataList
      rows={[
        {
          name: m.waiting,
          value: (
            <span data-queue-pending={queue.pending} className="tabular-nums">
              {formatNumber(locale, queue.pending)}
              {queue.retrying > 0 ? (
                <span className="text-bad">
                  {" "}
                  ({m.retrying}: {formatNumber(locale, queue.retrying)})
                </span>
              ) : null}
            </span>
          ),
        },
        { name: m.oldest, value: empty ? m.nobody : <OldestWait queue={queue} /> },
        { name: m.throughput, value: m.perMinute(perMinuteNow) },
        ...(empty ? [] : [{ name: m.drain, value: estimate(queue, m, locale) }]),
        { name: m.failed, value: formatNumber(locale, queue.failed) },
        { name: m.worker, value: queue.workerSeenAt ? <DateTime value={queue.workerSeenAt} /> : m.never },
      ]}
    />
  );
}
