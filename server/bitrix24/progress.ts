import { maxId } from "../platform/ids";
import type { CrmSettings } from "./crm-settings";
import type { ContactBy, Person } from "./person";
import type { ProductInfo } from "./product-info";
import type { FoundDeal } from "./responses";
import type { SettledSale } from "./sale";
import type { Traced } from "./trace";
import type { Outcome } from "./transport/batch";
import type { Applied, Bitrix24Error } from "./transport/error";

/** Records that were created here by a request whose answer this database does not have. */
export interface Found {
  contactId?: number;
  dealId?: number;
}

/** One operation for one person, as it is logged and stored. */
export interface Step {
  userId: number;
  method: string;
  /** The step of a registration; absent if it cannot be compared with other registrations. */
  step?: string;
  outcome: "OK" | "NO" | "UNKNOWN";
  code?: string;
  durationMs: number;
  contactId?: number;
  contactBy?: ContactBy | null;
  dealId?: number;
  /**
   * Records of this step that were created here, although the log does not say so yet. It is told in the same write as
   * their ids: once the row names them, nothing looks for them any more.
   */
  found?: Found;
  /** The deal's responsible person, as the portal answered. */
  responsibleId?: number;
  /** The stored id no longer names a record of this person. */
  dropContact?: boolean;
  dropDeal?: boolean;
  /** The last step: contact, deal and product row exist. */
  done?: boolean;
  /** Set together with `done`: what the deal sells. */
  sale?: SettledSale;
  /** Whether the deal may hold, or have held, the product row without an answer that says so. Absent: as stored. */
  rowUncertain?: boolean;
}

/** What else is stored together with the in-flight markers. */
export interface Leaving {
  /** What the deals of this request sell. */
  sold?: Map<number, ProductInfo>;
  /** Whose visits are in it, which are never sent again from then on. */
  traced?: number[];
  /** Whose product rows are in it: their answers may be lost. */
  rows?: number[];
}

/** The results of a step for a person. */
export type StepResult = Pick<
  Step,
  "contactId" | "contactBy" | "dealId" | "found" | "responsibleId" | "done" | "sale" | "rowUncertain"
>;

/** The failure of one person's registration in this attempt. */
export interface Failure<P = Person> {
  person: P;
  error: Bitrix24Error;
}

/** The result of a phase for the people in it. */
export interface PhaseResult<Done, P = Person> {
  done: Done[];
  failed: Failure<P>[];
}

/** A person who needs a responsible person: the known contact's owner, if that one gets the deal, else one in turn. */
export interface Wanting {
  owner: number | null;
  settings: Pick<CrmSettings, "responsible" | "turnOf">;
}

/** Deals with a person's external id that are not proved to have been created here. */
export interface Copies {
  /** Of managers or the portal. */
  certain: ReadonlySet<number>;
  /** A request without an answer, or a lost state of the database, may have created these. */
  possible: ReadonlySet<number>;
}

/** Stores the progress of a registration while it is being sent. */
export interface ProgressPort {
  /**
   * Called, and awaited, before each request that creates something for these people: if this process dies meanwhile,
   * the next one must know that the request may still take effect.
   */
  markInFlight(userIds: number[], leaving?: Leaving): Promise<void>;
  /**
   * Called, and awaited, before requests with nothing but traces of these people's visits. Returns whose may be sent: not
   * those of people who were erased meanwhile, whose erasure may be complete on the portal.
   */
  markTraces(userIds: number[]): Promise<number[]>;
  /** Called, and awaited, after a request with traces of visits. */
  recordTraces(traces: Traced[]): Promise<void>;
  /** Called, and awaited, after each request: the created ids are stored before the next request is sent. */
  record(steps: Step[]): Promise<void>;
  /**
   * Assigns responsible persons to these people, who have none yet, or one of the dismissed: the given owner, else the
   * next employee in turn. `dismissed`: employees whom the portal calls dismissed, who get no turn.
   */
  assign(wanting: Map<number, Wanting>, dismissed: ReadonlySet<number>): Promise<Map<number, number>>;
  /**
   * Of these deals with external ids of this installation, those whose users this database has lost, as after its
   * restoration from a backup: no row names them.
   */
  findLost(deals: FoundDeal[]): Promise<Set<number>>;
  /**
   * Of these deals with external ids of this installation, those that managers or the portal have copied from the ones that
   * were created here.
   */
  findCopies(deals: FoundDeal[]): Promise<Copies>;
  /**
   * Tells of contacts that the duplicate search has named and the webhook's owner may not read: of the people who are sent,
   * one for whom no contact was found may get a second one.
   */
  noteHidden(contactIds: number[]): Promise<void>;
  /** Of these people, whose stored deals are gone, those for whom no further deal is to be created. */
  findRemoved(userIds: number[]): Promise<Set<number>>;
  /**
   * Removes the in-flight markers of people whose command was certainly not executed and did not fail. `certainRows`: for
   * which of them no earlier command may have written the product row either.
   */
  clearInFlight(userIds: number[], certainRows?: number[]): Promise<void>;
}

/** The method of log entries for records with our external id whose ids were not stored: they were created here. */
export const foundMethod = "found";

/** The method of log entries for records that were there before and are taken for a person. */
export const linkMethod = "link";

/** The portal's methods by which entries of the log are found again. */
export const addMethod = "crm.item.add";
export const updateMethod = "crm.item.update";
export const setRowMethod = "crm.item.productrow.set";
export const addRowMethod = "crm.item.productrow.add";
export const rowMethods = [setRowMethod, addRowMethod];

/** The step that looks up a person's records on the portal. */
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

/** The portal's duration, limited to what the database can store: one odd value must not fail the whole batch. */
export const milliseconds = (outcome: Outcome<unknown>): number =>
  outcome.ok && outcome.seconds !== undefined ? Math.min(maxId, Math.max(0, Math.round(outcome.seconds * 1000))) : 0;
