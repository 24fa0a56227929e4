import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { Alert } from "~/components/ui/alert";
import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardStub } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { ImportCounts, ImportNotes, ImportPreview, ImportProgress } from "~/features/import/import-report";
import { ImportFormat, ImportUpload, type UploadProblem } from "~/features/import/import-upload";
import { importTexts } from "~/features/import/texts";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import type { Actor } from "~server/audit/actor";
import { ImportFileError } from "~server/import/import-file-error";
import { maxImportBytes } from "~server/import/import-limits";
import {
  discardImport,
  draftImport,
  getImport,
  type ImportSummary,
  type ImportView,
  listImports,
  startImport,
} from "~server/import/import-runs";
import { isAppError } from "~server/platform/errors";

const shownNotes = 100;

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const id = new URL(args.request.url).searchParams.get("run");
  const run = id === null ? null : await getImport(services, pageId(id));
  return {
    run: run && { ...run, notes: run.notes.slice(0, shownNotes) },
    gone: id !== null && run === null,
    past: run ? [] : await listImports(services),
  };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const form = await readForm(args.request);
  const run = () => pageId(String(form.get("run")));
  switch (form.get("intent")) {
    case "upload":
      return upload(args, actor, form.get("file"));
    case "start":
      return start(args, actor, run());
    case "discard":
      await discardImport(services, run());
      return redirect("/admin/import");
    default:
      throw data(null, { status: 400 });
  }
}

async function upload({ context }: ActionFunctionArgs, actor: Actor, file: FormDataEntryValue | null) {
  const refuse = (problem: Partial<UploadProblem> & Pick<UploadProblem, "code">, status: number) =>
    data({ problem: { fields: [], line: null, ...problem } satisfies UploadProblem }, { status });
  if (!(file instanceof File) || file.size === 0) return refuse({ code: "missing" }, 400);
  if (file.size > maxImportBytes) return refuse({ code: "too_large" }, 413);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { id } = await draftImport(context.services, { actor, bytes });
    return redirect(`/admin/import?run=${id}`);
  } catch (error) {
    if (!(error instanceof ImportFileError)) throw error;
    const { code, fields, line = null } = error;
    return refuse({ code, fields, line }, 400);
  }
}

async function start({ context }: ActionFunctionArgs, actor: Actor, runId: number) {
  try {
    await startImport(context.services, { actor, runId });
  } catch (error) {
    // The page says that the list is gone, and what to do.
    if (!isAppError(error, "NOT_FOUND")) throw error;
  }
  return redirect(`/admin/import?run=${runId}`);
}

export const meta = pageMeta(importTexts, (m) => ({ title: m.title, description: m.description }));

export const handle: PageHandle = {
  waits: (loaded) => (loaded as { run?: ImportView | null } | undefined)?.run?.state === "running",
};

export default function Import() {
  const m = useTexts(importTexts);
  const { run } = useLoaderData<typeof loader>();
  usePoll(run?.state === "running");
  return (
    <Page>
      <PageHeader title={m.title} lead={m.lead} />
      {run === null ? <Start /> : run.state === "draft" ? <Draft run={run} /> : <Run run={run} />}
    </Page>
  );
}

function Start() {
  const m = useTexts(importTexts);
  const { gone, past } = useLoaderData<typeof loader>();
  const acted = useActionData<typeof action>();
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
        <Section title={m.past.title}>
          <ul className="divide-y divide-line">
            {past.map((run) => (
              <Past key={run.id} run={run} />
            ))}
          </ul>
        </Section>
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

function Draft({ run }: { run: ImportView }) {
  const m = useTexts(importTexts);
  const { people = [], ignored = [] } = run.preview ?? {};
  return (
    <>
      <Section title={m.forecast.title}>
        <p className="pt-2 text-ink-soft">{m.forecast.rows(run.rows)}</p>
        <ImportCounts run={run} />
        {ignored.length > 0 ? (
          <p className="pb-2 text-sm break-words text-ink-soft">{m.forecast.ignored(ignored.join(", "))}</p>
        ) : null}
      </Section>
      <Form method="post" className="flex flex-wrap gap-3">
        <input type="hidden" name="run" value={run.id} />
        {run.imported > 0 ? (
          <Button type="submit" name="intent" value="start">
            {m.start(run.imported)}
          </Button>
        ) : (
          <Alert tone="wait">{m.forecast.nobody}</Alert>
        )}
        <Button type="submit" name="intent" value="discard" look="secondary">
          {m.discard}
        </Button>
      </Form>
      {people.length > 0 ? (
        <Section title={m.preview.title}>
          <p className="pt-2 text-sm text-ink-soft">{m.preview.text}</p>
          <ImportPreview people={people} />
        </Section>
      ) : null}
      <Notes run={run} />
    </>
  );
}

function Run({ run }: { run: ImportView }) {
  const m = useTexts(importTexts);
  const running = run.state === "running";
  return (
    <>
      <Section title={running ? m.running.title : m.done.title}>
        <div data-import-state={run.state} className="grid gap-3 py-2">
          <p role="status" className="text-ink-soft">
            {running ? m.running.text : m.done.text}
          </p>
          {running ? <ImportProgress run={run} /> : null}
        </div>
        <ImportCounts run={run} />
      </Section>
      <p className="flex flex-wrap gap-3">
        <ButtonLink to="/admin/users" look={running ? "secondary" : "primary"}>
          {m.done.people}
        </ButtonLink>
        <ButtonLink to="/admin/import" look="secondary">
          {m.another}
        </ButtonLink>
      </p>
      <Notes run={run} />
    </>
  );
}

function Notes({ run }: { run: ImportView }) {
  const m = useTexts(importTexts);
  const { notes, registered, doubled, refused } = run;
  if (notes.length === 0) return null;
  return (
    <Section title={m.notes.title}>
      <ImportNotes notes={notes} more={registered + doubled + refused - notes.length} />
    </Section>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-3">
    <h2 className="font-serif text-lg font-semibold">{title}</h2>
    <Card className="px-5 py-2 sm:px-8">{children}</Card>
  </section>
);
