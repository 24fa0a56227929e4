import { failedStep, type Journal, milliseconds, type Step } from "./progress";
import type { Outcome } from "./transport/batch";
import type { Parcel, Sender } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

/** What a step makes known of a person. */
export type Made = Pick<Step, "contactId" | "dealId" | "done">;

/** One person's share of a phase. */
export interface Work {
  userId: number;
  /** None: nothing to ask the portal, the result is known already. */
  parcel?: Parcel;
  /** Reads the answer. May throw Bitrix24Error for one that cannot be understood. */
  read: (value: unknown) => Made;
  /** What a refusal means, where it is no failure. */
  onRefused?: () => Made;
}

/**
 * Runs a phase. The intent stands in the journal before each request and the outcome after it, before the next one.
 * Failures go to `failed`; what was made is returned by user.
 */
export async function runPhase(
  sender: Sender,
  work: Work[],
  journal: Journal,
  failed: Map<number, Bitrix24Error | "done">,
): Promise<Map<number, Made>> {
  const made = new Map<number, Made>();
  const free = work.filter(({ parcel }) => !parcel);
  const asked = work.filter((item): item is Work & { parcel: Parcel } => item.parcel !== undefined);

  const steps = free.map((item): Step => {
    const result = item.read(undefined);
    made.set(item.userId, result);
    return { userId: item.userId, method: "link", outcome: "OK", durationMs: 0, ...result };
  });
  if (steps.length > 0) await journal.record(steps);

  const at = (place: number) => asked[place] as Work & { parcel: Parcel };
  const outcomes = await sender.send(
    asked.map(({ parcel }) => parcel),
    {
      before: (places) => journal.intend(places.map((place) => at(place).userId)),
      after: (places, answered) =>
        journal.record(
          places.map((place, index) => {
            const item = at(place);
            const step = toStep(item, answered[index] as Outcome<unknown>);
            if (step instanceof Bitrix24Error) {
              failed.set(item.userId, step);
              const { method } = item.parcel;
              return failedStep(item.userId, method, step, 0);
            }
            made.set(item.userId, step.made);
            return step.step;
          }),
        ),
    },
  );
  // Those that were not sent any more, because a request before theirs failed.
  outcomes.forEach((outcome, place) => {
    const { userId } = at(place);
    if (!outcome.ok && !made.has(userId) && !failed.has(userId)) failed.set(userId, outcome.error);
  });
  return made;
}

function toStep(
  item: Work & { parcel: Parcel },
  outcome: Outcome<unknown>,
): { step: Step; made: Made } | Bitrix24Error {
  const base = { userId: item.userId, method: item.parcel.method };
  if (!outcome.ok) {
    const { error } = outcome;
    if (!item.onRefused || !error.refusesItem) return error;
    const made = item.onRefused();
    return { made, step: { ...base, outcome: "NO", code: error.code, durationMs: 0, ...made } };
  }
  try {
    const made = item.read(outcome.value);
    return { made, step: { ...base, outcome: "OK", durationMs: milliseconds(outcome), ...made } };
  } catch (error) {
    if (error instanceof Bitrix24Error) return error;
    throw error;
  }
}
