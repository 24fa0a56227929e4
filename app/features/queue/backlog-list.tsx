import { Link } from "@remix-run/react";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { denseButton, denseCell, denseList, denseRow } from "~/components/ui/dense-list";
import { ErrorCode } from "~/components/ui/error-code";
import { queueTexts } from "~/features/queue/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { BacklogEntry } from "~server/queue/backlog";
import { reasonOf } from "~server/queue/reasons";

/** Registrations that have not arrived, each with a box to tick and a button; part of the form that sends the selected ones. */
export function BacklogList({ entries, label, page }: { entries: BacklogEntry[]; label: string; page: string }) {
  return (
    <ul aria-label={label} className={denseList}>
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} page={page} />
      ))}
    </ul>
  );
}

interface EntryProps {
  entry: BacklogEntry;
  /** The address of the list, to which sending one of them leads back. */
  page: string;
}

function Entry({ entry: { id, name, createdAt, attempts, error, errorField, nextAttemptAt }, page }: EntryProps) {
  const m = useTexts(queueTexts);
  const locale = useLocale();
  return (
    <li
      className={`${denseRow} grid-cols-[auto_minmax(0,1fr)] items-start lg:grid-cols-[1.5rem_minmax(0,2fr)_13.5rem_minmax(0,4fr)_auto]`}
    >
      <label className="grid size-11 cursor-pointer place-items-center max-lg:row-span-2 lg:size-6 lg:self-start">
        <input
          type="checkbox"
          name="id"
          value={id}
          aria-label={m.choose(name)}
          className="size-5 cursor-pointer accent-accent lg:size-4"
        />
      </label>
      <Link
        to={`/admin/users/${id}`}
        className="line-clamp-2 w-fit max-w-full font-medium wrap-anywhere underline decoration-line underline-offset-4 hover:decoration-current lg:text-sm lg:leading-6"
      >
        {name}
      </Link>
      <p className={`${denseCell} col-start-2 lg:col-start-auto`}>
        <span className="lg:sr-only">{m.registeredAt}: </span>
        <DateTime value={createdAt} />
      </p>
      <div className="col-start-2 min-w-0 text-sm lg:col-start-auto lg:flex lg:flex-wrap lg:gap-x-3 lg:text-xs lg:leading-6">
        {error ? (
          <p>
            {reasonOf(locale, { code: error, field: errorField, reach: attempts > 0 ? "one" : undefined }).what}{" "}
            <ErrorCode>{error}</ErrorCode>
          </p>
        ) : null}
        {attempts > 0 || nextAttemptAt ? (
          <p className="text-ink-soft">
            {attempts > 0 ? m.attempts(attempts) : null}
            {attempts > 0 && nextAttemptAt ? " · " : null}
            {nextAttemptAt ? (
              <>
                {m.nextAttempt}: <DateTime value={nextAttemptAt} />
              </>
            ) : null}
          </p>
        ) : null}
      </div>
      <div className="col-start-2 py-1 lg:col-start-auto lg:py-0.5">
        {/* A button of the same form with another target: forms do not nest. */}
        <Button
          type="submit"
          name="resend"
          value={id}
          formMethod="post"
          formAction={page}
          look="secondary"
          size="sm"
          className={denseButton}
          aria-label={m.resendOneOf(name)}
        >
          {m.resendOne}
        </Button>
      </div>
    </li>
  );
}
