import { failedStep, milliseconds, type ProgressPort, type Step } from "./progress";
import type { Outcome } from "./transport/batch";
import type { BatchRunner, PortalCommand } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** What a step makes known of a person. */
export type StepResult = Pick<Step, "contactId" | "contactBy" | "dealId" | "done" | "sale">;

/** One person's share of a phase. */
export interface Work {
  userId: number;
  /** None: nothing to ask the portal, the result is known already. */
  command?: PortalCommand;
  /** Reads the answer. May throw Bitrix24Error for one that cannot be understood. */
  read: (value: unknown) => StepResult;
  /** What a refusal means, where it is no failure. */
  onRefused?: () => StepResult;
}

/**
 * Runs a phase. The in-flight marker is saved before each request and the outcome after it, before the next one.
 * Failures go to `failed`; what was made is returned by user.
 */
export async function runPhase(
  batchRunner: BatchRunner,
  work: Work[],
  progress: ProgressPort,
  failed: Map<number, Bitrix24Error | "done">,
): Promise<Map<number, StepResult>> {
  const made = new Map<number, StepResult>();
  const free = work.filter(({ command }) => !command);
  const asked = work.filter((item): item is Work & { command: PortalCommand } => item.command !== undefined);

  const steps = free.map((item): Step => {
    const result = item.read(undefined);
    made.set(item.userId, result);
    return { userId: item.userId, method: "link", outcome: "OK", durationMs: 0, ...result };
  });
  if (steps.length > 0) await progress.record(steps);

  const at = (place: number) => asked[place] as Work & { command: PortalCommand };
  const outcomes = await batchRunner.send(
    asked.map(({ command }) => command),
    {
      before: (places) => progress.markInFlight(places.map((place) => at(place).userId)),
      after: async (places, answered) => {
        const halted: number[] = [];
        const steps = places.flatMap((place, index) => {
          const item = at(place);
          const step = toStep(item, answered[index] as Outcome<unknown>);
          if (!(step instanceof Bitrix24Error)) {
            made.set(item.userId, step.made);
            return [step.step];
          }
          failed.set(item.userId, step);
          if (step.kind !== "halted") return [failedStep(item.userId, item.command.method, step, 0)];
          halted.push(item.userId);
          return [];
        });
        if (steps.length > 0) await progress.record(steps);
        if (halted.length > 0) await progress.clearInFlight(halted);
      },
      haltOnRefusal: true,
    },
  );
  // Those that were not sent any more, because a request before theirs failed or a command before theirs was turned down.
  outcomes.forEach((outcome, place) => {
    const { userId, command } = at(place);
    if (!outcome.ok && !made.has(userId) && !failed.has(userId))
      failed.set(userId, outcome.error.with({ step: command.kind }));
  });
  return made;
}

function toStep(
  item: Work & { command: PortalCommand },
  outcome: Outcome<unknown>,
): { step: Step; made: StepResult } | Bitrix24Error {
  const step = item.command.kind;
  const base = { userId: item.userId, method: item.command.method, step };
  if (!outcome.ok) {
    const error = outcome.error.with({ step });
    if (!item.onRefused || !error.refusesItem) return error;
    const made = item.onRefused();
    return { made, step: { ...base, outcome: "NO", code: error.code, durationMs: 0, ...made } };
  }
  try {
    const made = item.read(outcome.value);
    return { made, step: { ...base, outcome: "OK", durationMs: milliseconds(outcome), ...made } };
  } catch (error) {
    if (error instanceof Bitrix24Error) return error.with({ step });
    throw error;
  }
}
