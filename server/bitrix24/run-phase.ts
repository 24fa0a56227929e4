import type { Logger } from "../platform/log";
import type { KnownPerson } from "./existing-records";
import type { Person } from "./person";
import type { ProductInfo } from "./product-info";
import {
  type Failure,
  failedStep,
  linkMethod,
  milliseconds,
  type PhaseResult,
  type ProgressPort,
  type Step,
  type StepResult,
} from "./progress";
import { adoptDeal, type Making, readAnswer, type Task, type WithContact } from "./tasks";
import { type TraceMemory, tracedBy } from "./trace";
import type { Command, Outcome, PortalCommand } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** Shared by all phases of a run. */
export interface Course {
  batchRunner: BatchRunner;
  progress: ProgressPort;
  /** For phases whose commands have traces as their riders. */
  traces?: TraceMemory | undefined;
  log: Logger;
}

/** A person whose step succeeded, with the results of the step. */
export interface Through<P> {
  person: P;
  result: StepResult;
}

type Asked<P extends { userId: number }> = Task<P> & { command: PortalCommand };

/**
 * Carries out the tasks of a phase. The in-flight marker is saved before each request, and the outcome after each
 * request and before the next one.
 */
export async function runPhase<P extends { userId: number }>(
  { batchRunner, progress, traces, log }: Course,
  tasks: Task<P>[],
): Promise<PhaseResult<Through<P>, P>> {
  const known = tasks.filter(({ command }) => command === null);
  const asked = tasks.filter((task): task is Asked<P> => task.command !== null);
  const done: Through<P>[] = known.map(({ person, result }) => ({ person, result }));
  const failed: Failure<P>[] = [];
  if (done.length > 0) await progress.record(done.map(linkStep));

  const run = batchRunner.start(
    asked.map(({ command }) => command),
    { haltOnRefusal: true },
  );
  const sent = new Set<number>();
  for (let places = await run.next(); places; places = await run.next()) {
    const group = places.map((place) => asked[place] as Asked<P>);
    const riding = run.riding();
    const userAt = (place: number) => (asked[place] as Asked<P>).person.userId;
    await progress.markInFlight(
      group.map(({ person }) => person.userId),
      {
        sold: new Map(group.flatMap(soldBy)),
        traced: riding.map(userAt),
        rows: group.flatMap(({ person, rowUncertain }) => (rowUncertain === undefined ? [] : [person.userId])),
      },
    );
    const outcomes = await run.send();
    if (!outcomes) continue;
    for (const place of places) sent.add(place);
    const steps = group.map((task, index) => toStep(task, outcomes[index] as Outcome<unknown>, log));
    done.push(...steps.flatMap(({ through }) => through ?? []));
    failed.push(...steps.flatMap(({ failure }) => failure ?? []));
    // First, since an erasure may begin as soon as the registration is complete, and has to know the trace.
    await saveTraces(
      { traces, progress, log },
      riding.map((place) => [userAt(place), run.riderOutcomes.get(place) as Outcome<unknown>]),
    );
    await saveSteps(progress, steps, group.flatMap(certainRow));
  }
  // Commands that were not sent or not executed, because an earlier request failed or an earlier command was refused.
  for (const [place, { person, command }] of asked.entries()) {
    const outcome = run.outcomes[place];
    if (!sent.has(place) && outcome && !outcome.ok)
      failed.push({ person, error: outcome.error.with({ step: command.kind }) });
  }
  await sendTraces(
    { batchRunner, progress, traces, log },
    asked.flatMap(({ person, command: { rider } }, place) => {
      const outcome = run.riderOutcomes.get(place);
      const isTried = outcome && !tracedBy(person.userId, outcome).untried;
      return rider && run.outcomes[place]?.ok && !isTried ? [[person.userId, rider] as const] : [];
    }),
  );
  return { done, failed };
}

/**
 * Adopts the deals of lost registrations. Returns the results, the failures, and the people who are still without an
 * adopted deal. If the portal refuses an adoption, as of a deal that is closed to the webhook's owner, it is no
 * failure: the person gets an own deal.
 */
export async function adoptDeals<P extends KnownPerson & WithContact>(
  course: Course,
  people: P[],
  making: (person: P) => Making,
): Promise<PhaseResult<Through<P>, P> & { rest: P[] }> {
  const tasks = people.flatMap((person) => {
    const { lost } = person.existing;
    return lost ? [adoptDeal(person, lost.id, making(person))] : [];
  });
  const { done, failed: unadopted } = await runPhase(course, tasks);
  const failed = unadopted.filter(({ error }) => !error.refusesItem);
  const settled = new Set([...done, ...failed].map(({ person }) => person.userId));
  return { done, failed, rest: people.filter(({ userId }) => !settled.has(userId)) };
}

/** A new deal and what it sells; nothing for other commands. */
const soldBy = ({ person, command, product }: Asked<{ userId: number }>): [number, ProductInfo][] =>
  command.kind === "deal.add" && product ? [[person.userId, product]] : [];

/**
 * Whether the product row is uncertain after a failed command that writes it. An answer of its own that does not show the
 * row says that it is missing, and an unexecuted command changes nothing. A lost answer leaves what was stored before.
 */
function rowAfter({ rowUncertain: before }: Asked<{ userId: number }>, error: Bitrix24Error, isAnswered: boolean) {
  if (before === undefined || (error.applied === "unknown" && !isAnswered)) return {};
  return { rowUncertain: !isAnswered && before };
}

interface Taken<P> {
  userId: number;
  /** Null for a command that was certainly not executed and did not fail itself. */
  step: Step | null;
  through?: Through<P>;
  failure?: Failure<P>;
}

/** Whose command is the first that writes the product row of their deal. */
const certainRow = ({ person, rowUncertain }: Asked<{ userId: number }>): number[] =>
  rowUncertain === false ? [person.userId] : [];

async function saveSteps<P>(progress: ProgressPort, taken: Taken<P>[], certainRows: number[]): Promise<void> {
  const steps = taken.flatMap(({ step }) => step ?? []);
  const halted = taken.filter(({ step }) => step === null);
  if (steps.length > 0) await progress.record(steps);
  if (halted.length > 0)
    await progress.clearInFlight(
      halted.map(({ userId }) => userId),
      certainRows,
    );
}

/**
 * Sends the traces that were to travel with a row that is there now, and certainly were not tried, because an earlier one
 * was refused. One that may exist is never sent again, and a failure of any concerns nothing else.
 */
async function sendTraces(
  { batchRunner, progress, traces, log }: Course,
  left: (readonly [userId: number, command: Command])[],
): Promise<void> {
  if (!traces?.takesTraces || left.length === 0) return;
  const marked = new Set(await progress.markTraces(left.map(([userId]) => userId)));
  const due = left.filter(([userId]) => marked.has(userId));
  const run = batchRunner.start(due.map(([, command]) => ({ ...command, kind: "trace.add", lenient: true })));
  for (let places = await run.next(); places; places = await run.next()) {
    const userIds = places.map((place) => (due[place] as (typeof due)[number])[0]);
    const outcomes = await run.send();
    if (!outcomes) continue;
    for (const userId of userIds) marked.delete(userId);
    await saveTraces(
      { traces, progress, log },
      userIds.map((userId, index) => [userId, outcomes[index] as Outcome<unknown>]),
    );
  }
  if (marked.size > 0)
    await progress.recordTraces([...marked].map((userId) => ({ userId, outcome: "NO", untried: true })));
}

async function saveTraces(
  { traces, progress, log }: Pick<Course, "traces" | "progress" | "log">,
  outcomes: [userId: number, outcome: Outcome<unknown>][],
): Promise<void> {
  if (outcomes.length === 0) return;
  for (const [, outcome] of outcomes) traces?.note(outcome, log);
  await progress.recordTraces(outcomes.map(([userId, outcome]) => tracedBy(userId, outcome)));
}

const linkStep = ({ person, result }: Through<{ userId: number }>): Step => ({
  userId: person.userId,
  method: linkMethod,
  outcome: "OK",
  durationMs: 0,
  ...result,
});

function toStep<P extends { userId: number }>(task: Asked<P>, outcome: Outcome<unknown>, log: Logger): Taken<P> {
  const { person, command, result, optional } = task;
  const { userId } = person;
  const base = { userId, method: command.method, step: command.kind };
  try {
    if (!outcome.ok) throw outcome.error;
    const made = readAnswer(task, outcome.value, log);
    return {
      userId,
      through: { person, result: made },
      step: { ...base, outcome: "OK", durationMs: milliseconds(outcome), ...made },
    };
  } catch (thrown) {
    if (!(thrown instanceof Bitrix24Error)) throw thrown;
    const error = thrown.with({ step: command.kind });
    if (!outcome.ok && optional && error.refusesItem)
      return {
        userId,
        through: { person, result },
        step: { ...base, outcome: "NO", code: error.code, durationMs: 0, ...result },
      };
    const step =
      error.kind === "halted"
        ? null
        : { ...failedStep(userId, command.method, error, 0), ...rowAfter(task, error, outcome.ok) };
    return { userId, failure: { person, error }, step };
  }
}

/** Rethrows errors that are no failures of the portal. */
export function failAll(people: Person[], error: unknown): Failure[] {
  if (!(error instanceof Bitrix24Error)) throw error;
  return people.map((person) => ({ person, error }));
}

/** The people who did not fail, with the id that the phase created or that they had before. */
export function withId<P extends Person, Key extends "contactId" | "dealId">(
  people: P[],
  failed: Failure<P>[],
  key: Key,
  done: Through<{ userId: number }>[],
): (P & Record<Key, number>)[] {
  const made = new Map(done.map(({ person, result }) => [person.userId, result[key]]));
  const out = new Set(failed.map(({ person }) => person.userId));
  return people.flatMap((person) => {
    const id = made.get(person.userId) ?? person[key];
    return id && !out.has(person.userId) ? [{ ...person, [key]: id } as P & Record<Key, number>] : [];
  });
}
