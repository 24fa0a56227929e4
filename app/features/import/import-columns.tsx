import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { SelectField } from "~/components/ui/select-field";
import { columnTexts, encodingNames } from "~/features/import/column-texts";
import { useTargetName } from "~/features/import/target-name";
import { useTexts } from "~/i18n/locale";
import { useTimeZone } from "~/i18n/zone";
import type { Question } from "~server/forms/definition";
import { answerTarget, sharedColumns, targets } from "~server/import/columns";
import type { ColumnView, DraftPreview } from "~server/import/import-drafts";

/** Under which name a form sends what a column is. */
export const columnField = (place: number) => `column-${place}`;

/** Says which column is what, and in which zone the times are; part of the draft's form. */
export function ImportColumns({
  preview,
  zones,
  questions,
}: {
  preview: DraftPreview;
  zones: string[];
  questions: readonly Question[];
}) {
  const m = useTexts(columnTexts);
  const installation = useTimeZone();
  const nameOf = useTargetName(questions);
  const offered = [
    ...targets.filter((target) => target !== "form" || preview.hasForms),
    ...questions.map(({ key }) => answerTarget(key)),
  ];
  const { columns, missing, zone, encoding } = preview;
  const placed = columns.map((column, place) => ({ column, place }));
  const isUnusable = ({ empty, target }: ColumnView) => empty && target === null;
  const empty = columns.filter((column) => isUnusable(column) && column.header !== "");
  const shared = sharedColumns({
    header: columns.map(({ header }) => header),
    targets: columns.map(({ target }) => target),
  });
  return (
    <div className="grid gap-4 py-2">
      <p className="text-ink-soft">{m.text}</p>
      {encoding.startsWith("utf") ? null : <Alert tone="wait">{m.encoding(encodingNames[encoding])}</Alert>}
      {missing.length > 0 ? <Alert tone="bad">{m.missing(missing.map(nameOf).join(", "))}</Alert> : null}
      <ul className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
        {placed.map(({ column, place }) =>
          isUnusable(column) ? null : (
            <li key={place} className="grid min-w-0 content-start gap-1">
              <SelectField
                label={column.header === "" ? m.nameless(place + 1) : m.column(column.header)}
                name={columnField(place)}
                defaultValue={column.target ?? ""}
                options={[
                  { value: "", label: m.unused },
                  ...offered.map((target) => ({ value: target, label: nameOf(target) })),
                ]}
              />
              {/* What the others hold stands among the first people, as it would be stored. */}
              {missing.length > 0 || column.target === null ? (
                <p className="text-xs wrap-anywhere text-ink-soft">{column.sample.join(" · ")}</p>
              ) : null}
            </li>
          ),
        )}
      </ul>
      {shared.map(({ target, headers }) => (
        <p key={target} className="text-sm wrap-anywhere text-ink-soft">
          {m.shared(nameOf(target), headers)}
        </p>
      ))}
      {empty.length > 0 ? (
        <p className="text-sm wrap-anywhere text-ink-soft">{m.empty(empty.map(({ header }) => header).join(", "))}</p>
      ) : null}
      <div className="grid items-end gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
        <div className="grid gap-1">
          <SelectField
            label={m.zone}
            name="zone"
            defaultValue={zone}
            options={[...new Set([zone, installation, "UTC", ...zones])].map((value) => ({ value, label: value }))}
          />
          <p className="text-xs text-ink-soft">{m.zoneHint}</p>
        </div>
        <Button type="submit" name="intent" value="read" look="secondary" className="sm:mb-5">
          {m.apply}
        </Button>
      </div>
    </div>
  );
}
