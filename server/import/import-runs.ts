import type { ImportRun, Prisma } from "../../prisma/generated/client";
import type { Actor, ActorRef } from "../audit/actor";
import { audit } from "../audit/audit";
import { isUniqueViolation, type Tx } from "../database/db";
import type { Question } from "../forms/definition";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { missingFields } from "./columns";
import { type ImportFile, type ListFile, type StoredReading, toReading } from "./import-file";
import type { ImportNote, ImportProgress } from "./import-people";

export interface ImportSummary extends ImportProgress {
  id: number;
  /** `draft`: uploaded and not confirmed; the counts are then a forecast. */
  state: "draft" | "running" | "done";
  rows: number;
  actor: ActorRef;
  /** When it was confirmed; for a draft, when it was uploaded. */
  at: string;
}

export interface ImportView extends ImportSummary {
  /** The first lines that are not imported. */
  notes: ImportNote[];
  /** The site's questions, as the list was read with them. */
  questions: Question[];
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
  duplicates: true,
  refused: true,
} as const;

/**
 * For a file that needs no preview: starts its run, or finds its interrupted run. An interrupted run continues to read
 * the list as it began to, see `readingOf`.
 */
export async function beginImport(
  { db }: Pick<Services, "db">,
  { actor, file }: { actor: Actor; file: ImportFile },
): Promise<{ id: number }> {
  return openRun({ db }, file, async (tx) => {
    const run = await tx.importRun.create({
      data: { ...identity(actor, file), reading: readingJson(file), startedAt: new Date() },
      select: { id: true, rows: true },
    });
    await auditRun(tx, actor, "import.start", run);
    return run;
  });
}

export const readingJson = (file: ImportFile) => toReading(file) as unknown as Prisma.InputJsonObject;

/** How the run reads its list. */
export async function readingOf({ db }: Pick<Services, "db">, id: number): Promise<StoredReading | null> {
  const { reading } = await db.importRun.findUniqueOrThrow({ where: { id }, select: { reading: true } });
  return reading as unknown as StoredReading | null;
}

export const identity = (actor: Actor, { digest, rows }: ListFile) => ({
  digest,
  rows,
  actorKind: actor.kind,
  actorId: actor.id,
});

/** A file has at most one open run; the database guarantees it, so two simultaneous callers share the run. */
export async function openRun(
  { db }: Pick<Services, "db">,
  { digest }: ListFile,
  create: (tx: Tx) => Promise<{ id: number }>,
): Promise<{ id: number }> {
  try {
    return await db.$transaction(async (tx) => {
      await tx.importRun.deleteMany({ where: { digest, startedAt: null } });
      const { id } = await create(tx);
      return { id };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return db.importRun.findFirstOrThrow({ where: { digest, finishedAt: null }, select: { id: true } });
  }
}

/**
 * Confirms a draft; a web process starts it within a second. Repeating changes nothing. Throws NOT_FOUND, and CONFLICT
 * if the list lacks a required column.
 */
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
        // Resets the forecast: from here on the counts are what has happened.
        imported: 0,
        registered: 0,
        duplicates: 0,
        refused: 0,
        notes: [],
      },
    });
    const run = await tx.importRun.findUnique({
      where: { id: runId },
      select: { id: true, rows: true, reading: true },
    });
    if (!run) throw new AppError("NOT_FOUND");
    const reading = run.reading as unknown as StoredReading | null;
    if (reading && missingFields(reading).length > 0) throw new AppError("CONFLICT");
    if (count > 0) await auditRun(tx, actor, "import.start", run);
  });
}

export const auditRun = (
  tx: Tx,
  actor: Actor,
  action: "import.upload" | "import.start" | "import.discard",
  { id, rows }: { id: number; rows: number },
) => audit(tx, { actor, action, details: { run: id, rows } });

/** The run; null if there is no such run. */
export async function getImport({ db }: Pick<Services, "db">, id: number): Promise<ImportView | null> {
  const run = await db.importRun.findUnique({ where: { id }, select: { ...summary, notes: true, reading: true } });
  if (!run) return null;
  const { notes, reading, ...rest } = run;
  const { questions = [] } = (reading as unknown as StoredReading | null) ?? {};
  return { ...toSummary(rest), notes: notes as unknown as ImportNote[], questions };
}

/** The last confirmed runs, newest first. */
export async function listImports({ db }: Pick<Services, "db">): Promise<ImportSummary[]> {
  const runs = await db.importRun.findMany({
    where: { startedAt: { not: null } },
    select: summary,
    orderBy: { id: "desc" },
    take: 10,
  });
  return runs.map(toSummary);
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
