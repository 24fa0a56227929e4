import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardStub } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { actOnImport } from "~/features/import/actions.server";
import { ImportDraft } from "~/features/import/import-draft";
import { ImportCounts, ImportNotes, ImportProgress } from "~/features/import/import-report";
import { ImportSection } from "~/features/import/import-section";
import { ImportFormat, ImportUpload } from "~/features/import/import-upload";
import { importTexts } from "~/features/import/texts";
import { useAnswer } from "~/hooks/use-answer";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { previewDraft } from "~server/import/import-drafts";
import { getImport, type ImportSummary, type ImportView, listImports } from "~server/import/import-runs";
import { wholeSearch } from "~server/users/filter";

const shownNotes = 100;
const zones = Intl.supportedValuesOf("timeZone");

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const { searchParams } = new URL(args.request.url);
  const id = searchParams.get("run");
  const found = id === null ? null : await getImport(services, pageId(id));
  const preview = found?.state === "draft" ? await previewDraft(services, found.id) : null;
  // Discarded or confirmed between the two looks.
  const run = found?.state === "draft" && !preview ? null : found;
  return {
    run: run && { ...run, notes: run.notes.slice(0, shownNotes) },
    draft: preview && { preview, zones, changed: searchParams.has("changed") },
    gone: id !== null && run === null,
    past: run ? [] : await listImports(services),
  };
}

export async function action(args: ActionFunctionArgs) {
  return actOnImport(args, await requirePageAdmin(args));
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(importTexts, (m) => ({ title: m.title, description: m.description }));

export const handle: PageHandle = {
  waits: (loaded) => (loaded as { run?: ImportView | null } | undefined)?.run?.state === "running",
};

export default function Import() {
  const m = useTexts(importTexts);
  const { run, draft } = useLoaderData<typeof loader>();
  usePoll(run?.state === "running");
  return (
    <Page>
      <PageHeader title={m.title} lead={m.lead} />
      {run === null ? <Start /> : draft ? <ImportDraft run={run} {...draft} /> : <Run run={run} />}
      {run ? <Notes run={run} /> : null}
    </Page>
  );
}

function Start() {
  const m = useTexts(importTexts);
  const { gone, past } = useLoaderData<typeof loader>();
  const acted = useAnswer<typeof action>();
  return (
    <>
      {gone ? <Alert tone="wait">{m.gone}</Alert> : null}
      <Card className="grid md:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="min-w-0 p-5 sm:p-8">
          <ImportUpload problem={acted?.problem} />
        </div>
        <CardStub beside className="p-5 sm:p-8">
          <ImportFormat />
        </CardStub>
      </Card>
      {past.length > 0 ? (
        <ImportSection title={m.past.title}>
          <ul className="divide-y divide-line">
            {past.map((run) => (
              <Past key={run.id} run={run} />
            ))}
          </ul>
        </ImportSection>
      ) : null}
    </>
  );
}

function Past({ run }: { run: ImportSummary }) {
  const m = useTexts(importTexts);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
      <TextLink to={`/admin/import?run=${run.id}`}>
        <DateTime value={run.at} />
      </TextLink>
      <span className="flex flex-wrap items-center gap-3 text-sm text-ink-soft">
        {m.past.imported(run.imported)}
        {run.state === "running" ? <Badge tone="wait">{m.past.running}</Badge> : null}
      </span>
    </li>
  );
}

function Run({ run }: { run: ImportView }) {
  const m = useTexts(importTexts);
  const running = run.state === "running";
  return (
    <>
      <ImportSection title={running ? m.running.title : m.done.title}>
        <div data-import-state={run.state} className="grid gap-3 py-2">
          <p role="status" className="text-ink-soft">
            {running ? m.running.text : m.done.text}
          </p>
          {running ? <ImportProgress run={run} /> : null}
        </div>
        <ImportCounts run={run} />
      </ImportSection>
      <p className="flex flex-wrap gap-3">
        <ButtonLink to={`/admin/users${wholeSearch}`} look={running ? "secondary" : "primary"}>
          {m.done.people}
        </ButtonLink>
        <ButtonLink to="/admin/import" look="secondary">
          {m.another}
        </ButtonLink>
      </p>
    </>
  );
}

function Notes({ run }: { run: ImportView }) {
  const m = useTexts(importTexts);
  const { notes, questions, registered, duplicates, refused } = run;
  if (notes.length === 0) return null;
  return (
    <ImportSection title={m.notes.title}>
      <ImportNotes notes={notes} questions={questions} more={registered + duplicates + refused - notes.length} />
    </ImportSection>
  );
}
