import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { paymentTexts } from "~/features/payments/texts";
import { eventWords, type TimelinePerson } from "~/features/timeline/event-words";
import { timelineTexts } from "~/features/timeline/texts";
import { ActorName } from "~/features/users/actor-name";
import { useLocale, useTexts } from "~/i18n/locale";
import type { TimelineEvent } from "~server/timeline/events";

interface Props {
  events: TimelineEvent[];
  person: TimelinePerson;
  /** Of the people and tokens that the events name. */
  names: Record<string, string>;
  /** The payment change that may be undone: the newest one. */
  undoable: number | null;
}

/** What needs a look, what went well, and the rest: the dot repeats what the words say. */
function toneOf(event: TimelineEvent): string {
  if (event.kind === "conflict") return "bg-wait";
  if (event.kind === "letter" && !event.facts.isSent) return "bg-bad";
  if (event.kind === "corrected" && event.facts.state === "failed") return "bg-bad";
  if (event.kind === "payment") return event.facts.isPaid ? "bg-good" : "bg-wait";
  return event.kind === "registered" || event.kind === "arrived" ? "bg-good" : "bg-edge";
}

/** What happened to a person, newest first, in plain words. */
export function Timeline({ events, person, names, undoable }: Props) {
  const m = useTexts(timelineTexts);
  const payment = useTexts(paymentTexts);
  const locale = useLocale();
  return (
    <ol aria-label={m.title} className="grid">
      {events.map((event) => {
        const { title, facts } = eventWords(locale, event, person);
        return (
          <li
            key={event.key}
            data-event={event.kind}
            className="relative break-inside-avoid border-l-2 border-line pb-5 pl-5 last:border-transparent last:pb-0"
          >
            <span
              aria-hidden="true"
              className={`absolute top-1.5 -left-[0.4375rem] size-3 rounded-full ring-4 ring-surface ${toneOf(event)}`}
            />
            <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-medium wrap-anywhere">{title}</p>
                <p className="text-sm wrap-anywhere text-ink-soft">
                  <DateTime value={event.at} />
                  {event.actor ? (
                    <>
                      <Dot />
                      <ActorName actor={event.actor} names={names} />
                    </>
                  ) : null}
                  {facts.map((fact) => (
                    <span key={fact}>
                      <Dot />
                      {fact}
                    </span>
                  ))}
                </p>
              </div>
              {event.kind === "payment" && event.facts.changeId === undoable ? (
                <PostForm preventScrollReset className="print:hidden">
                  <input type="hidden" name="intent" value="undo" />
                  <Button type="submit" look="secondary" size="sm" name="changeId" value={event.facts.changeId}>
                    {payment.undo}
                  </Button>
                </PostForm>
              ) : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

const Dot = () => <span aria-hidden="true"> · </span>;
