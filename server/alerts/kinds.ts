/**
 * What administrators can be told of. Facts are codes, names of the portal's fields and numbers: they are stored, and
 * never hold personal data. The words are made when a message is sent, see server/notices/alert-texts.ts.
 */
export interface AlertFacts {
  /** The queue to the portal is paused by itself. */
  queue: { code: string; step?: string | null; field?: string | null };
  /** The portal refuses a form's own settings, and its registrations wait. */
  form: { code: string; field: string | null; formId: number; name: string | null };
  /** Registrations wait too long. */
  wait: WaitFacts;
  /** The portal refuses an employee as responsible person. */
  responsible: { id: number };
  /** Far more registrations come in than usual. */
  signUps: { recent: number; usual: number };
  /** Deals are made without an amount: the product's own price is 0, and no setting says another. */
  unpriced: { id: number };
  /** This database was moved or copied. */
  moved: Record<string, never>;
  /** A registration failed permanently. `userId`: the last one. */
  failed: { code: string; field?: string | null; userId: number };
  /** The portal refuses to erase a person. `userId`: the last one. */
  erasure: { code: string; userId: number };
  /** The portal answers, but does not return a person's deal or its contact. `userId`: the last one. */
  unread: { code: string; userId: number };
  /**
   * A known customer may get a second contact, because the webhook's owner may not read the first: one such contact, and
   * when the search last named any, in milliseconds.
   */
  hidden: { contactId: number; seenAt: number };
}

/** So many waiting registrations are counted: there may be more. */
export const countedAtMost = 10_000;

/** The facts about registrations that wait too long. `still`: when it is over, how many wait for reasons of their own. */
export interface WaitFacts {
  oldestMinutes: number;
  /** How many wait too long, counted up to `countedAtMost`. */
  waiting: number;
  /** Some of the waiting registrations lost no attempt: the cause is common to all. */
  forAll: boolean;
  pausedBy: "admin" | "breaker" | null;
  workerSilent: boolean;
  syncedLast10Minutes: number;
  /** The code of the pause, otherwise of the last failure. */
  code?: string | undefined;
  field?: string | null | undefined;
  still?: number;
}

export type AlertKind = keyof AlertFacts;

/** An event that administrators are told of. */
export type Alert = { [Kind in AlertKind]: { kind: Kind; facts: AlertFacts[Kind] } }[AlertKind];

/** Alerts of one cause are told together, with their number. */
export function causeOf(alert: Alert): string {
  switch (alert.kind) {
    case "responsible":
      return `responsible:${alert.facts.id}`;
    case "unpriced":
      return `unpriced:${alert.facts.id}`;
    case "failed":
      return `failed:${alert.facts.code}:${alert.facts.field ?? ""}`;
    case "form":
      return `form:${alert.facts.code}:${alert.facts.field ?? ""}`;
    case "erasure":
      return `erasure:${alert.facts.code}`;
    default:
      return alert.kind;
  }
}

/** What happens to people or employees one by one is collected for some minutes; all else is told at once. */
export const isCollected = (kind: AlertKind): boolean =>
  ["responsible", "failed", "erasure", "unread", "hidden"].includes(kind);
