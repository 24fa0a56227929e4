import { maxId } from "../platform/ids";
import type { ContactBy, Person } from "./registrant";
import type { SettledSale } from "./sale";
import type { Outcome } from "./transport/batch";
import type { Applied, Bitrix24Error } from "./transport/error";

/** One operation for one person, as it is logged and kept. */
export interface Step {
  userId: number;
  method: string;
  /** Which part of a registration it was; absent: none that others could be compared by. */
  step?: string;
  outcome: "OK" | "NO" | "UNKNOWN";
  code?: string;
  durationMs: number;
  contactId?: number;
  contactBy?: ContactBy | null;
  dealId?: number;
  /** The stored id names nothing of this person's any more. */
  dropContact?: boolean;
  dropDeal?: boolean;
  /** The last step: contact, deal and product row exist. */
  done?: boolean;
  /** With it: what the deal sells. */
  sale?: SettledSale;
}

/** What a step makes known of a person. */
export type StepResult = Pick<Step, "contactId" | "contactBy" | "dealId" | "done" | "sale">;

/** The failure of one person's registration, until the next attempt. */
export interface Failure<P = Person> {
  person: P;
  error: Bitrix24Error;
}

/** What became of those who went into a phase. */
export interface PhaseResult<Done, P = Person> {
  done: Done[];
  failed: Failure<P>[];
}

/** Where a registration's progress is kept while it travels. */
export interface ProgressPort {
  /**
   * Called before a request that creates something for these people and awaited before it is sent: if this process
   * dies meanwhile, its successor must know that a late effect is possible.
   */
  markInFlight(userIds: number[]): Promise<void>;
  /** Called after each request and awaited before the next: what the portal made is known here first. */
  record(steps: Step[]): Promise<void>;
  /** Responsible persons for these people, who have none yet: an owner where one is named, else the next in turn. */
  assign(owners: Map<number, number | null>): Promise<Map<number, number>>;
  /** Takes back what `markInFlight` noted, for people whose command was surely not carried out and is no failure. */
  clearInFlight(userIds: number[]): Promise<void>;
}

/** Of the step that tells of a record with this installation's mark which was not stored: it was made here. */
export const foundMethod = "found";

/** The step that asks what a portal holds of a person. */
export const lookUpStep = "lookup";

const outcomes: Record<Applied, Step["outcome"]> = { no: "NO", unknown: "UNKNOWN" };

export function failedStep(userId: number, method: string, error: Bitrix24Error, durationMs: number): Step {
  return {
    userId,
    method,
    outcome: outcomes[error.applied],
    code: error.code,
    durationMs,
    ...(error.step ? { step: error.step } : {}),
  };
}

/** What the portal says it took, within what the database can keep: an odd figure must not fail the whole batch. */
export const milliseconds = (outcome: Outcome<unknown>): number =>
  outcome.ok && outcome.seconds !== undefined ? Math.min(maxId, Math.max(0, Math.round(outcome.seconds * 1000))) : 0;
