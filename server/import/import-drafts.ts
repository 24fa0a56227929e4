import { type Actor, systemActor } from "../audit/actor";
import { siteQuestions } from "../forms/questions";
import { readableEmail } from "../platform/email-address";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { chooseColumns, ignoredHeaders, missingFields, type OwnField, type Target } from "./columns";
import type { Encoding } from "./encoding";
import { namedForms } from "./form-names";
import { bytesSource, type ImportFile, openAs, openList, type StoredReading, suggested } from "./import-file";
import { maxImportRows } from "./import-limits";
import { forecastImport } from "./import-people";
import { auditRun, identity, openRun, readingJson } from "./import-runs";
import type { ImportedPerson } from "./person";
import { readRows } from "./rows";

/** An unconfirmed upload is personal data that must not be kept. */
const draftMinutes = 60;
const previewPeople = 5;
const previewCells = 3;

/** A column of an uploaded list, and its meaning. */
export interface ColumnView {
  header: string;
  target: Target | null;
  /** From the first rows, which may leave it blank although later ones do not. */
  sample: string[];
  /** No row of the list has a value here. */
  empty: boolean;
}

/** The preview of an upload, shown before it is confirmed. */
export interface DraftPreview {
  /** The first people as they would be stored. */
  people: ImportedPerson[];
  /** In the list's order. */
  columns: ColumnView[];
  /** Headers with an unknown meaning. */
  ignored: string[];
  /** Required fields that no column has; nothing can be imported before an administrator assigns them. */
  missing: OwnField[];
  /** The zone for times that name none. */
  zone: string;
  encoding: Encoding;
  /** Whether a column may name the form: the site has several. */
  hasForms: boolean;
}

type Deps = Pick<Services, "db" | "env"> & { forms: Pick<Services["forms"], "all"> };

/**
 * Checks an uploaded list and stores it until it is confirmed. If the same list is being imported already, returns that
 * run. Throws ImportFileError.
 */
export async function draftImport(
  { db, env, forms }: Deps,
  { actor, bytes }: { actor: Actor; bytes: Uint8Array<ArrayBuffer> },
): Promise<{ id: number }> {
  const list = await openList(bytesSource(bytes), { maxRows: maxImportRows });
  const file: ImportFile = {
    ...list,
    columns: suggested(list, [...siteQuestions(forms.all()).values()], namedForms(forms.all())),
    zone: env.TIME_ZONE,
  };
  const forecast = await forecastOf({ db }, file);
  const run = await openRun({ db }, file, async (tx) => {
    const created = await tx.importRun.create({
      data: { ...identity(actor, file), ...forecast, content: bytes, reading: readingJson(file) },
      select: { id: true, rows: true },
    });
    await auditRun(tx, actor, "import.upload", created);
    return created;
  });
  // A command-line import that was killed stored no file, so its run could not be continued without this.
  await db.importRun.updateMany({ where: { id: run.id, content: null, finishedAt: null }, data: { content: bytes } });
  return run;
}

/** Reads a draft again with other columns or another zone. Throws NOT_FOUND if there is no such draft. */
export async function readDraftAs(
  { db }: Pick<Services, "db">,
  { runId, targets, zone }: { runId: number; targets: (Target | null)[]; zone: string },
): Promise<void> {
  // Repeated where a person was erased from the stored list meanwhile: the erasure writes the list anew, in another encoding.
  for (;;) {
    const draft = await findDraft({ db }, runId);
    if (!draft) throw new AppError("NOT_FOUND");
    const { questions, forms } = draft.columns;
    const file = { ...draft, columns: chooseColumns(draft.header, targets, questions, forms), zone };
    const forecast = await forecastOf({ db }, file);
    // Only while it is a draft: an administrator confirms exactly what was shown.
    const { count } = await db.importRun.updateMany({
      where: { id: runId, startedAt: null, revision: draft.revision },
      data: { ...forecast, reading: readingJson(file) },
    });
    if (count > 0) return;
  }
}

async function forecastOf({ db }: Pick<Services, "db">, file: ImportFile) {
  const isComplete = missingFields(file.columns).length === 0;
  const none = { counts: { imported: 0, registered: 0, duplicates: 0, refused: 0 }, notes: [] };
  const { counts, notes } = isComplete ? await forecastImport({ db }, { rows: readRows(file) }) : none;
  return {
    ...counts,
    notes: notes.map(({ line, problems }) => ({ line, problems: problems.map((problem) => ({ ...problem })) })),
  };
}

/** Deletes a draft; a run that has started is not affected. */
export async function discardImport(
  { db }: Pick<Services, "db">,
  { actor, runId }: { actor: Actor; runId: number },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const run = await tx.importRun.findUnique({ where: { id: runId }, select: { id: true, rows: true } });
    const { count } = await tx.importRun.deleteMany({ where: { id: runId, startedAt: null } });
    if (run && count > 0) await auditRun(tx, actor, "import.discard", run);
  });
}

export async function dropForgottenDrafts({ db }: Pick<Services, "db">): Promise<void> {
  const before = new Date(Date.now() - draftMinutes * 60_000);
  const forgotten = { startedAt: null, createdAt: { lt: before } };
  const runs = await db.importRun.findMany({ where: forgotten, select: { id: true } });
  for (const { id } of runs) await discardImport({ db }, { actor: systemActor, runId: id });
}

/** The preview of a draft; null if there is no such draft. */
export async function previewDraft({ db }: Pick<Services, "db">, id: number): Promise<DraftPreview | null> {
  const file = await findDraft({ db }, id);
  if (!file) return null;
  const { columns, zone, encoding } = file;
  const missing = missingFields(columns);
  return {
    people: missing.length === 0 ? await firstPeople(file) : [],
    columns: file.header.map((header, place) => ({
      header,
      target: columns.targets[place] ?? null,
      sample: file.sample
        .map((cells) => cells[place] ?? "")
        .filter((cell) => cell !== "")
        .slice(0, previewCells),
      empty: (file.filled[place] ?? 0) === 0,
    })),
    ignored: ignoredHeaders(columns),
    missing,
    zone,
    encoding,
    hasForms: columns.forms !== undefined,
  };
}

async function findDraft(
  { db }: Pick<Services, "db">,
  id: number,
): Promise<(ImportFile & { revision: number }) | null> {
  const run = await db.importRun.findUnique({
    where: { id, startedAt: null },
    select: { content: true, reading: true, revision: true },
  });
  if (!run?.content) return null;
  const file = await openAs(bytesSource(run.content), run.reading as unknown as StoredReading | null);
  return { ...file, revision: run.revision };
}

async function firstPeople(file: ImportFile): Promise<ImportedPerson[]> {
  const people: ImportedPerson[] = [];
  for await (const row of readRows(file)) {
    if (row.kind === "person") people.push({ ...row.person, email: readableEmail(row.person.email) });
    if (people.length === previewPeople) break;
  }
  return people;
}
