import { Link } from "@remix-run/react";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { queueTexts } from "~/features/queue/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { BacklogEntry } from "~server/queue/backlog";
import { reasonOf } from "~server/queue/reasons";

/** Registrations that have not arrived, each with a box to tick and a button; part of the form that sends the selected ones. */
export function BacklogList({ entries, label, page }: { entries: BacklogEntry[]; label: string; page: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
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
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 px-3 py-2.5 sm:px-5 lg:grid-cols-[auto_minmax(0,2fr)_minmax(0,3fr)_auto]">
      <label className="grid size-11 cursor-pointer place-items-center">
        <input
          type="checkbox"
          name="id"
          value={id}
          aria-label={m.choose(name)}
          className="size-5 cursor-pointer accent-accent"
        />
      </label>
      <div className="min-w-0 py-1.5">
        <Link
          to={`/admin/users/${id}`}
          className="line-clamp-2 w-fit max-w-full font-medium wrap-anywhere underline decoration-line underline-offset-4 hover:decoration-current"
        >
          {name}
        </Link>
        <p className="text-sm text-ink-soft">
          {m.registeredAt}: <DateTime value={createdAt} />
        </p>
      </div>
      <div className="col-start-2 min-w-0 py-1.5 text-sm lg:col-start-auto">
        {error ? (
          <p>
            {reasonOf(locale, { code: error, field: errorField, reach: attempts > 0 ? "one" : undefined }).what}{" "}
            <code className="font-mono text-xs break-all text-ink-soft" translate="no">
              {error}
            </code>
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
      <div className="col-start-2 py-1 lg:col-start-auto">
        {/* A button of the same form with another target: forms do not nest. */}
        <Button
          type="submit"
          name="resend"
          value={id}
          formMethod="post"
          formAction={page}
          look="secondary"
          size="sm"
          aria-label={m.resendOneOf(name)}
        >
          {m.resendOne}
        </Button>
      </div>
    </li>
  );
}
