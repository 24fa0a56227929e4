import { Badge } from "~/components/ui/badge";
import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { useTargetName } from "~/features/import/target-name";
import { importTexts } from "~/features/import/texts";
import { PhoneNumber } from "~/features/users/phone-number";
import { formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import { shownAnswers } from "~server/forms/answer-words";
import type { Question } from "~server/forms/definition";
import type { ImportView } from "~server/import/import-runs";
import type { ImportedPerson, RowProblem } from "~server/import/person";
import { fullName } from "~server/person/full-name";

/** The result of the lines, real or forecast. */
export function ImportCounts({
  run,
}: {
  run: Pick<ImportView, "state" | "imported" | "registered" | "duplicates" | "refused">;
}) {
  const m = useTexts(importTexts);
  const locale = useLocale();
  const row = (name: string, count: number) => ({
    name,
    value: <span className="tabular-nums">{formatNumber(locale, count)}</span>,
  });
  return (
    <div className="py-2.5">
      <DataList
        rows={[
          row(run.state === "draft" ? m.counts.forecast : m.counts.imported, run.imported),
          row(m.counts.registered, run.registered),
          row(m.counts.duplicates, run.duplicates),
          row(m.counts.refused, run.refused),
        ]}
      />
    </div>
  );
}

/** The progress of the run. */
export function ImportProgress({ run }: { run: Pick<ImportView, "nextRow" | "rows"> }) {
  const m = useTexts(importTexts);
  const { nextRow, rows } = run;
  return (
    <div className="grid gap-2">
      <progress
        aria-label={m.running.progress}
        value={nextRow}
        max={rows}
        className="h-3 w-full appearance-none overflow-hidden rounded-full border-0 bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <p className="text-sm text-ink-soft tabular-nums">{m.running.of(nextRow, rows)}</p>
    </div>
  );
}

/** The first people of a list, as they would be stored. */
export function ImportPreview({ people, questions }: { people: ImportedPerson[]; questions: readonly Question[] }) {
  const m = useTexts(importTexts);
  return (
    <ul className="divide-y divide-line">
      {people.map((person) => (
        <li key={person.email} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2.5">
          <div className="min-w-0">
            <p className="font-medium wrap-anywhere">{fullName(person)}</p>
            <p className="text-sm wrap-anywhere text-ink-soft">
              {person.email}
              <span aria-hidden="true"> · </span>
              <span className="inline-block max-w-full">
                <PhoneNumber of={person} />
              </span>
            </p>
            <Details person={person} questions={questions} />
          </div>
          {person.isPaid ? <Badge tone="good">{m.preview.paid}</Badge> : null}
        </li>
      ))}
    </ul>
  );
}

function Details({
  person: { registeredAt, utm, answers },
  questions,
}: {
  person: ImportedPerson;
  questions: readonly Question[];
}) {
  const m = useTexts(importTexts);
  const known = new Map(questions.map((question) => [question.key, question]));
  const told = shownAnswers(known, answers, useLocale(), { hidden: true }).map(
    ({ label, text }) => `${label}: ${text}`,
  );
  const details = [...Object.entries(utm).map(([name, value]) => `${name}=${value}`), told.join(" · ")].filter(Boolean);
  if (!registeredAt && details.length === 0) return null;
  return (
    <p className="text-sm wrap-anywhere text-ink-soft">
      {registeredAt ? (
        <>
          {m.preview.registered}: <DateTime value={registeredAt.toISOString()} exact />
        </>
      ) : null}
      {registeredAt && details.length > 0 ? <span aria-hidden="true"> · </span> : null}
      {details.join(" ")}
    </p>
  );
}

/** Lines that are not imported, each with all its problems. `more` is the number of lines not shown. */
export function ImportNotes({ notes, questions, more }: Pick<ImportView, "notes" | "questions"> & { more: number }) {
  const m = useTexts(importTexts);
  const nameOf = useTargetName(questions);
  const words = ({ field, code }: RowProblem) =>
    field === null ? m.rowProblems[code] : `${nameOf(field)}: ${m.rowProblems[code]}`;
  return (
    <>
      <ol className="divide-y divide-line">
        {notes.map(({ line, problems }) => (
          <li key={line} className="grid gap-x-6 py-2 text-sm sm:grid-cols-[7rem_1fr]">
            <span className="text-ink-soft tabular-nums">{m.notes.line(line)}</span>
            <span className="min-w-0 wrap-anywhere">{problems.map(words).join("; ")}</span>
          </li>
        ))}
      </ol>
      {more > 0 ? <p className="pt-2 text-sm text-ink-soft">{m.notes.more(more)}</p> : null}
    </>
  );
}
