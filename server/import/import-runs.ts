import type { ImportRun } from "../../prisma/generated/client";
import type { Actor, ActorRef } from "../audit/actor";
import { audit } from "../audit/audit";
import { isUniqueViolation, type Tx } from "../database/db";
import { readableEmail } from "../platform/email-address";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { bytesSource, type ImportFile, surveyFile } from "./import-file";
import { forecastImport, type ImportNote, type ImportProgress } from "./import-people";
import type { ImportedPerson } from "./person";
import { readRows } from "./rows";

/** An upload that nobody confirms is somebody's data lying about. */
const draftMinutes = 60;
const previewPeople = 5;

export interface ImportSummary extends ImportProgress {
  id: number;
  /** `draft`: uploaded and not confirmed yet; the counts then say what would happen. */
  state: "draft" | "running" | "done";
  rows: number;
  actor: ActorRef;
  /** When it was confirmed, or before that uploaded. */
  at: string;
}

export interface ImportView extends ImportSummary {
  /** The first lines that are not imported. */
  notes: ImportNote[];
  /** Of a draft: its first people as they would be stored, and headers that mean nothing to us. */
  preview: { people: ImportedPerson[]; ignored: string[] } | null;
}

const summary = {
  id: true,
  startedAt: true,
  finishedAt: true,
  createdAt: true,
  actorKind: true,
  actorId: true,
  rows: true,
  nextRow: true,
  imported: true,
  registered: true,
  doubled: true,
  refused: true,
} as const;

/**
 * Looks through an uploaded list and keeps it until it is confirmed. Whoever uploads a list that is being imported is
 * led to that run. Throws ImportFileError.
 */
export async function draftImport(
  { db }: Pick<Services, "db">,
  { actor, bytes }: { actor: Actor; bytes: Uint8Array<ArrayBuffer> },
): Promise<{ id: number }> {
  const file = await surveyFile(bytesSource(bytes));
  const { counts, notes } = await forecastImport({ db }, { rows: readRows(file) });
  const run = await openRun({ db }, file, (tx) =>
    tx.importRun.create({
      data: {
        ...identity(actor, file),
        ...counts,
        content: bytes,
        notes: notes.map(({ line, problems }) => ({ line, problems: problems.map((problem) => ({ ...problem })) })),
      },
      select: { id: true },
    }),
  );
  // A command that was killed left no file behind, so nobody would go on with its run.
  await db.importRun.updateMany({ where: { id: run.id, content: null, finishedAt: null }, data: { content: bytes } });
  return run;
}

/** For a file that needs no preview: starts its run, or finds the one that was broken off. */
export function beginImport(
  { db }: Pick<Services, "db">,
  { actor, file }: { actor: Actor; file: ImportFile },
): Promise<{ id: number }> {
  return openRun({ db }, file, async (tx) => {
    const run = await tx.importRun.create({
      data: { ...identity(actor, file), startedAt: new Date() },
      select: { id: true, rows: true },
    });
    await auditStart(tx, actor, run);
    return run;
  });
}

const identity = (actor: Actor, { digest, rows }: ImportFile) => ({
  digest,
  rows,
  actorKind: actor.kind,
  actorId: actor.id,
});

/** A file has one open run; the database sees to it, so two who come at once share it. */
async function openRun(
  { db }: Pick<Services, "db">,
  { digest }: ImportFile,
  create: (tx: Tx) => Promise<{ id: number }>,
): Promise<{ id: number }> {
  try {
    return await db.$transaction(async (tx) => {
      await tx.importRun.deleteMany({ where: { digest, startedAt: null } });
      return create(tx);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return db.importRun.findFirstOrThrow({ where: { digest, finishedAt: null }, select: { id: true } });
  }
}

/** Confirms a draft; the web process takes it up within a second. Repeated, it changes nothing. Throws NOT_FOUND. */
export async function startImport(
  { db }: Pick<Services, "db">,
  { actor, runId }: { actor: Actor; runId: number },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.importRun.updateMany({
      where: { id: runId, startedAt: null },
      data: {
        startedAt: new Date(),
        actorKind: actor.kind,
        actorId: actor.id,
        // The forecast has served; from here on they count what has happened.
        imported: 0,
        registered: 0,
        doubled: 0,
        refused: 0,
        notes: [],
      },
    });
    const run = await tx.importRun.findUnique({ where: { id: runId }, select: { id: true, rows: true } });
    if (!run) throw new AppError("NOT_FOUND");
    if (count > 0) await auditStart(tx, actor, run);
  });
}

const auditStart = (tx: Tx, actor: Actor, { id, rows }: { id: number; rows: number }) =>
  audit(tx, { actor, action: "import.start", details: { run: id, rows } });

/** Forgets a draft; a run that has started goes on. */
export async function discardImport({ db }: Pick<Services, "db">, runId: number): Promise<void> {
  await db.importRun.deleteMany({ where: { id: runId, startedAt: null } });
}

export async function dropForgottenDrafts({ db }: Pick<Services, "db">): Promise<void> {
  const before = new Date(Date.now() - draftMinutes * 60_000);
  await db.importRun.deleteMany({ where: { startedAt: null, createdAt: { lt: before } } });
}

/** The run, or null where there is none (any more). */
export async function getImport({ db }: Pick<Services, "db">, id: number): Promise<ImportView | null> {
  const run = await db.importRun.findUnique({ where: { id }, select: { ...summary, notes: true } });
  if (!run) return null;
  const view = toSummary(run);
  return {
    ...view,
    notes: run.notes as unknown as ImportNote[],
    preview: view.state === "draft" ? await previewOf({ db }, id) : null,
  };
}

/** The last ones that were confirmed, newest first. */
export async function listImports({ db }: Pick<Services, "db">): Promise<ImportSummary[]> {
  const runs = await db.importRun.findMany({
    where: { startedAt: { not: null } },
    select: summary,
    orderBy: { id: "desc" },
    take: 10,
  });
  return runs.map(toSummary);
}

async function previewOf({ db }: Pick<Services, "db">, id: number): Promise<ImportView["preview"]> {
  const run = await db.importRun.findUnique({ where: { id }, select: { content: true } });
  if (!run?.content) return null;
  const file = await surveyFile(bytesSource(run.content));
  const people: ImportedPerson[] = [];
  for await (const row of readRows(file)) {
    if (row.kind === "person") people.push({ ...row.person, email: readableEmail(row.person.email) });
    if (people.length === previewPeople) break;
  }
  return { people, ignored: file.columns.ignored };
}

function toSummary(run: Pick<ImportRun, keyof typeof summary>): ImportSummary {
  const { startedAt, finishedAt, createdAt, actorKind, actorId, ...rest } = run;
  return {
    ...rest,
    state: finishedAt ? "done" : startedAt ? "running" : "draft",
    actor: { kind: actorKind, id: actorId },
    at: (startedAt ?? createdAt).toISOString(),
  };
}
