import type { ImportRun } from "../../prisma/generated/client";
import type { Actor, ActorRef } from "../audit/actor";
import { audit } from "../audit/audit";
import { isUniqueViolation, type Tx } from "../database/db";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { missingFields } from "./columns";
import { type ImportFile, type ListFile, type StoredReading, toReading } from "./import-file";
import type { ImportNote, ImportProgress } from "./import-people";

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
 * For a file that needs no preview: starts its run, or finds the one that was broken off. That one goes on reading the
 * list as it began to, which `readingOf` says.
 */
export async function beginImport(
  { db }: Pick<Services, "db">,
  { actor, file }: { actor: Actor; file: ImportFile },
): Promise<{ id: number }> {
  return openRun({ db }, file, async (tx) => {
    const run = await tx.importRun.create({
      data: { ...identity(actor, file), reading: { ...toReading(file) }, startedAt: new Date() },
      select: { id: true, rows: true },
    });
    await auditRun(tx, actor, "import.start", run);
    return run;
  });
}

/** How the run reads its list. */
export async function readingOf({ db }: Pick<Services, "db">, id: number): Promise<StoredReading | null> {
  const { reading } = await db.importRun.findUniqueOrThrow({ where: { id }, select: { reading: true } });
  return reading as StoredReading | null;
}

export const identity = (actor: Actor, { digest, rows }: ListFile) => ({
  digest,
  rows,
  actorKind: actor.kind,
  actorId: actor.id,
});

/** A file has one open run; the database sees to it, so two who come at once share it. */
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
 * Confirms a draft; the web process takes it up within a second. Repeated, it changes nothing. Throws NOT_FOUND, and
 * CONFLICT where the list lacks a column that everybody needs.
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
        // The forecast has served; from here on they count what has happened.
        imported: 0,
        registered: 0,
        doubled: 0,
        refused: 0,
        notes: [],
      },
    });
    const run = await tx.importRun.findUnique({
      where: { id: runId },
      select: { id: true, rows: true, reading: true },
    });
    if (!run) throw new AppError("NOT_FOUND");
    const reading = run.reading as StoredReading | null;
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

/** The run, or null where there is none (any more). */
export async function getImport({ db }: Pick<Services, "db">, id: number): Promise<ImportView | null> {
  const run = await db.importRun.findUnique({ where: { id }, select: { ...summary, notes: true } });
  return run && { ...toSummary(run), notes: run.notes as unknown as ImportNote[] };
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

function toSummary(run: Pick<ImportRun, keyof typeof summary>): ImportSummary {
  const { startedAt, finishedAt, createdAt, actorKind, actorId, ...rest } = run;
  return {
    ...rest,
    state: finishedAt ? "done" : startedAt ? "running" : "draft",
    actor: { kind: actorKind, id: actorId },
    at: (startedAt ?? createdAt).toISOString(),
  };
}
