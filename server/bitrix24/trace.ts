import { elapsedMs } from "../platform/elapsed";
import { maxId } from "../platform/ids";
import type { Logger } from "../platform/log";
import type { ContactBy } from "./person";
import type { Command, Outcome, PortalCommand } from "./transport/batch";

/**
 * The portal's Sales Intelligence: `crm.item.add` stores UTM tags but makes no trace of the visit, so a trace follows
 * together with the product row.
 */

export const traceMethod = "crm.tracking.trace.add";

/**
 * Links a visit with the deal, and with a contact that was made for it. A contact that existed before keeps its own path:
 * what an unproven visitor brings changes nothing in it.
 */
const traceCommand = (trace: string, ids: { dealId: number; newContactId: number | null }): Command => ({
  method: traceMethod,
  params: {
    TRACE: trace,
    ENTITIES: [
      ...(ids.newContactId === null ? [] : [{ TYPE: "CONTACT", ID: ids.newContactId }]),
      { TYPE: "DEAL", ID: ids.dealId },
    ],
  },
});

interface Traceable {
  trace?: string | null;
  traced?: boolean;
  contactId: number;
  dealId: number;
  existing: { contactBy: ContactBy | null; match: object | null; lost: object | null };
}

/**
 * The command for the product row with the person's trace as its rider; the same command if there is none to send. A trace
 * travels only with the row: where that is there already, the trace may be as well. A deal of a lost registration has the
 * trace of that one.
 */
export function withTrace<T extends { person: Traceable; command: PortalCommand | null }>(
  task: T,
  memory: TraceMemory,
): T {
  const { trace, traced, existing, dealId, contactId } = task.person;
  if (!task.command || !trace || traced || existing.lost || !memory.takesTraces) return task;
  const isNew = existing.match === null && (existing.contactBy ?? "made") === "made";
  const rider = {
    ...traceCommand(trace, { dealId, newContactId: isNew ? contactId : null }),
    wanted: () => memory.takesTraces,
  };
  return { ...task, command: { ...task.command, rider } };
}

/** The outcome of one person's trace. */
export interface Traced {
  userId: number;
  outcome: "OK" | "NO" | "UNKNOWN";
  code?: string;
  traceId?: number;
  /** It certainly was not tried, so that it may be sent later. */
  untried: boolean;
}

export function tracedBy(userId: number, outcome: Outcome<unknown>): Traced {
  if (outcome.ok) {
    const traceId = Number(outcome.value);
    const isId = Number.isInteger(traceId) && traceId > 0 && traceId <= maxId;
    return { userId, outcome: "OK", untried: false, ...(isId ? { traceId } : {}) };
  }
  const { applied, code } = outcome.error;
  return { userId, outcome: applied === "no" ? "NO" : "UNKNOWN", code, untried: outcome.error.isUntried };
}

/** For this long a portal that has no Sales Intelligence, or no right to it, is not asked again. */
const refusedMs = 3_600_000;
/** So many different refusals in a row have a cause of their own. */
const refusalsInARow = 3;

/** Remembers that the portal takes no traces, so that it is not asked again for each person. */
export class TraceMemory {
  #askAfter = Number.NEGATIVE_INFINITY;
  #refusals = 0;

  get takesTraces(): boolean {
    return elapsedMs() >= this.#askAfter;
  }

  note(outcome: Outcome<unknown>, log: Logger): void {
    if (outcome.ok) {
      this.#refusals = 0;
      return;
    }
    const { kind, code } = outcome.error;
    if (kind === "refused") this.#refusals++;
    if (kind !== "blocked" && this.#refusals < refusalsInARow) return;
    this.#refusals = 0;
    this.#askAfter = elapsedMs() + refusedMs;
    log.warn({ code }, "the portal takes no traces of visits: registrations go on without them for an hour");
  }
}
