import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { PostForm } from "~/components/ui/post-form";
import { columnTexts } from "~/features/import/column-texts";
import { ImportColumns } from "~/features/import/import-columns";
import { ImportCounts, ImportPreview } from "~/features/import/import-report";
import { ImportSection } from "~/features/import/import-section";
import { importTexts } from "~/features/import/texts";
import { useTexts } from "~/i18n/locale";
import type { DraftPreview } from "~server/import/import-drafts";
import type { ImportView } from "~server/import/import-runs";

interface Props {
  run: ImportView;
  preview: DraftPreview;
  zones: string[];
  /** The columns were changed since the forecast was shown. */
  changed: boolean;
}

/**
 * An upload before it is confirmed. One form: an administrator who changes a column and confirms at once is shown the
 * new forecast first.
 */
export function ImportDraft({ run, preview, zones, changed }: Props) {
  const m = useTexts(importTexts);
  const c = useTexts(columnTexts);
  const { people, ignored, missing } = preview;
  return (
    <>
      {changed ? <Alert tone="wait">{c.changed}</Alert> : null}
      <PostForm key={run.id} className="grid gap-8">
        <input type="hidden" name="run" value={run.id} />
        <ImportSection title={m.forecast.title}>
          <div role="status">
            <p className="pt-2 text-ink-soft">{m.forecast.rows(run.rows)}</p>
            {missing.length === 0 ? <ImportCounts run={run} /> : null}
          </div>
          {ignored.length > 0 ? (
            <p className="pb-2 text-sm wrap-anywhere text-ink-soft">{m.forecast.ignored(ignored.join(", "))}</p>
          ) : null}
        </ImportSection>
        <div className="flex flex-wrap gap-3">
          {run.imported > 0 ? (
            <Button type="submit" name="intent" value="start">
              {m.start(run.imported)}
            </Button>
          ) : missing.length === 0 ? (
            <Alert tone="wait">{m.forecast.nobody}</Alert>
          ) : null}
          <Button type="submit" name="intent" value="discard" look="secondary">
            {m.discard}
          </Button>
        </div>
        <ImportSection title={c.title}>
          <ImportColumns preview={preview} zones={zones} questions={run.questions} />
        </ImportSection>
      </PostForm>
      {people.length > 0 ? (
        <ImportSection title={m.preview.title}>
          <p className="pt-2 text-sm text-ink-soft">{m.preview.text}</p>
          <ImportPreview people={people} questions={run.questions} />
        </ImportSection>
      ) : null}
    </>
  );
}
