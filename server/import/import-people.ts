import type { PaymentChange, Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";
import { pickPerson } from "../person/fields";
import { chunks } from "../platform/chunks";
import { AppError } from "../platform/errors";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import type { ImportedPerson, RowProblem } from "./person";
import type { ImportRow } from "./rows";

/** The result so far of the rows, real or forecast. */
export interface ImportCounts {
  imported: number;
  /** Registered before the import. */
  registered: number;
  /** Duplicates of earlier lines of the list. */
  duplicates: number;
  refused: number;
}

export interface ImportProgress extends ImportCounts {
  /** Rows that are finished. */
  nextRow: number;
}

/** A line that is not imported, and why. */
export interface ImportNote {
  line: number;
  problems: RowProblem[];
}

interface Chunk {
  /** The position of its first row. */
  position: number;
  rows: ImportRow[];
}

interface Verdict {
  counts: ImportCounts;
  notes: ImportNote[];
}

/** Short transactions: live registrations do not wait long for a connection, or for an e-mail that both contain. */
const chunkSize = 200;
/** A list with more invalid lines has wrong columns, which its first lines show. */
export const maxNotes = 1_000;

const progress = { nextRow: true, imported: true, registered: true, duplicates: true, refused: true } as const;

/**
 * Registers the people of a run's list and queues them behind live registrations: no password, no consent, no mail.
 * Each chunk is one transaction that also saves the run's position, under a lock of the run. So a killed run continues
 * where it stopped, and of several processes at the same run only one takes each chunk. True once the list is done;
 * false if the signal aborted it between chunks, or if the stored list no longer has this `revision`.
 */
export async function importPeople(
  { db, queue }: Pick<Services, "db" | "queue">,
  options: {
    runId: number;
    /** The revision of the stored list that the rows come from. */
    revision?: number;
    rows: AsyncIterable<ImportRow>;
    onProgress?: (progress: ImportProgress) => void;
    signal?: AbortSignal;
  },
): Promise<boolean> {
  const { runId, revision, rows, onProgress, signal } = options;
  let reached = await db.importRun.findUniqueOrThrow({ where: { id: runId }, select: progress });
  for await (const chunk of positioned(rows)) {
    if (signal?.aborted) return false;
    if (reached.nextRow > chunk.position) continue;
    const next = await db.$transaction((tx) => importChunk(tx, queue, { runId, revision }, chunk));
    if (!next) return false;
    reached = next;
    onProgress?.(reached);
  }
  // The list is deleted, and with it the last copy of its lines.
  await db.importRun.updateMany({
    where: { id: runId, finishedAt: null },
    data: { finishedAt: new Date(), content: null },
  });
  return true;
}

/** What an import of these rows would do now. Writes nothing. Not done if the signal aborted it between chunks. */
export async function forecastImport(
  { db }: Pick<Services, "db">,
  {
    rows,
    onProgress,
    signal,
  }: { rows: AsyncIterable<ImportRow>; onProgress?: (progress: ImportProgress) => void; signal?: AbortSignal },
): Promise<Verdict & { done: boolean }> {
  const counts: ImportCounts = { imported: 0, registered: 0, duplicates: 0, refused: 0 };
  const notes: ImportNote[] = [];
  for await (const chunk of positioned(rows)) {
    if (signal?.aborted) return { counts, notes, done: false };
    const emails = peopleOf(chunk).map((person) => person.email);
    const known =
      emails.length > 0 ? await db.user.findMany({ where: { email: { in: emails } }, select: { email: true } }) : [];
    const registered = new Set(known.map(({ email }) => email));
    const verdict = judge(chunk.rows, (email) => !registered.has(email));
    for (const name of Object.keys(counts) as (keyof ImportCounts)[]) counts[name] += verdict.counts[name];
    notes.push(...verdict.notes.slice(0, maxNotes - notes.length));
    onProgress?.({ ...counts, nextRow: chunk.position + chunk.rows.length });
  }
  return { counts, notes, done: true };
}

async function* positioned(rows: AsyncIterable<ImportRow>): AsyncGenerator<Chunk> {
  let position = 0;
  for await (const chunk of chunks(rows, chunkSize)) {
    yield { position, rows: chunk };
    position += chunk.length;
  }
}

const peopleOf = ({ rows }: Chunk): ImportedPerson[] =>
  rows.flatMap((row) => (row.kind === "person" ? [row.person] : []));

/** The run's state afterwards; null if the list has changed since it was read. */
async function importChunk(
  tx: Tx,
  queue: Services["queue"],
  { runId, revision }: { runId: number; revision: number | undefined },
  chunk: Chunk,
): Promise<ImportProgress | null> {
  const [run] = await tx.$queryRaw<
    (ImportProgress & Pick<PaymentChange, "actorKind" | "actorId"> & { revision: number })[]
  >`
    select "nextRow", "imported", "registered", "duplicates", "refused", "actorKind", "actorId", "revision"
    from "ImportRun" where "id" = ${runId} for update`;
  if (!run) throw new AppError("NOT_FOUND");
  if (revision !== undefined && revision !== run.revision) return null;
  // Another process has imported this chunk.
  if (run.nextRow > chunk.position) return run;
  const created = await insertPeople(tx, queue, run, peopleOf(chunk));
  const { counts, notes } = judge(chunk.rows, (email) => created.has(email));
  const [reached] = await tx.$queryRaw<ImportProgress[]>`
    update "ImportRun" set
      "nextRow" = ${chunk.position + chunk.rows.length},
      "imported" = "imported" + ${counts.imported}, "registered" = "registered" + ${counts.registered},
      "duplicates" = "duplicates" + ${counts.duplicates}, "refused" = "refused" + ${counts.refused},
      "notes" = case when jsonb_array_length("notes") < ${maxNotes}
                     then "notes" || ${JSON.stringify(notes)}::jsonb else "notes" end,
      "heartbeatAt" = now()
    where "id" = ${runId}
    returning "nextRow", "imported", "registered", "duplicates", "refused"`;
  return reached ?? run;
}

/** Inserts the people whose e-mail is new, with everything that a registration inserts; returns their ids by e-mail. */
async function insertPeople(
  tx: Tx,
  queue: Services["queue"],
  { actorKind, actorId }: Pick<PaymentChange, "actorKind" | "actorId">,
  people: ImportedPerson[],
): Promise<Map<string, number>> {
  const at = new Date();
  const created = await tx.user.createManyAndReturn({
    // In order of e-mail: two imports with the same people wait for each other instead of deadlocking.
    data: people.map((person) => userRow(person, at)).sort((a, b) => (a.email < b.email ? -1 : 1)),
    // The database decides who is new, also against simultaneous registrations.
    skipDuplicates: true,
    select: { id: true, email: true },
  });
  const ids = new Map(created.map(({ id, email }) => [email, id]));
  const added = people.flatMap((person) => {
    const userId = ids.get(person.email);
    return userId === undefined ? [] : [{ userId, person }];
  });
  await tx.attribution.createMany({
    data: added
      .filter(({ person }) => Object.keys(person.utm).length > 0)
      .map(({ userId, person: { utm } }) => ({ userId, first: utm, last: utm })),
  });
  await tx.paymentChange.createMany({
    data: added
      .filter(({ person }) => person.isPaid)
      .map(({ userId }) => ({ userId, isPaid: true, actorKind, actorId, origin: "import", createdAt: at })),
  });
  await queue.enqueueMany(tx, "crm-registration", [...ids.values()], { priority: priorities.import });
  return ids;
}

const userRow = (person: ImportedPerson, at: Date) =>
  ({
    ...pickPerson(person),
    isPaid: person.isPaid,
    paidAt: person.isPaid ? (person.paidAt ?? at) : null,
    createdAt: person.registeredAt ?? at,
    answers: person.answers,
    formId: person.formId ?? null,
    source: person.utm.utm_source ?? null,
    campaign: person.utm.utm_campaign ?? null,
  }) satisfies Prisma.UserCreateManyInput;

function judge(rows: ImportRow[], isNew: (email: string) => boolean): Verdict {
  const counts: ImportCounts = { imported: 0, registered: 0, duplicates: 0, refused: 0 };
  const notes: ImportNote[] = [];
  for (const row of rows) {
    if (row.kind === "person" && isNew(row.person.email)) counts.imported += 1;
    else if (row.kind === "person") {
      counts.registered += 1;
      notes.push({ line: row.line, problems: [{ field: "email", code: "registered" }] });
    } else {
      counts[row.kind === "duplicate" ? "duplicates" : "refused"] += 1;
      notes.push({ line: row.line, problems: row.problems });
    }
  }
  return { counts, notes };
}
