import type { ActorRef } from "../audit/actor";
import type { AuditAction } from "../audit/audit-actions";
import { isMoment } from "../platform/moments";

/** What happened to a person, as the page of the person tells it. Ids, codes and counts; never personal data. */
export type TimelineEvent = { key: string; at: string; actor: ActorRef | null } & (
  | { kind: "registered"; facts: { consents: string[] } }
  | { kind: "contact" | "deal"; facts: RecordFacts }
  | { kind: "row" | "visit" | "arrived"; facts: object }
  | { kind: "moved"; facts: { dealId: number | null } }
  | { kind: "stage"; facts: { dealId: number; from: string; to: string; semantic: string } }
  | { kind: "payment"; facts: { changeId: number; isPaid: boolean; origin: string } }
  | { kind: "audit"; facts: { action: AuditAction; details: Record<string, unknown> } }
  | { kind: "letter"; facts: { letter: string; isSent: boolean; reason?: string } }
  | { kind: "corrected"; facts: { state: string } }
  | { kind: "conflict" | "settled"; facts: { conflict: string; portalId: number } }
  | { kind: "portal"; facts: { portal: string; contactId: number | null; dealId: number | null } }
  | { kind: "advertising"; facts: { system: string; isTakenBack: boolean } }
  | { kind: "erasedThere"; facts: object }
);

interface RecordFacts {
  contactId: number | null;
  dealId: number | null;
  /** made: by us; found: made by us, though no answer said so; linked: it was there before. */
  by: "made" | "found" | "linked";
  /** Of a contact that is still the person's: how it was found, as User.crmContactBy. */
  how: string | null;
}

/**
 * Of what is audited about a person. Left out: payments, which have a history of their own; sign-ins, of which there are
 * too many; and what an administrator does with tokens and lists, which belongs to no single person.
 */
export const toldActions = [
  "crm.resend",
  "conflict.resolve",
  "session.endAll",
  "password.reset",
  "password.change",
  "factor.enable",
  "factor.disable",
  "factor.codes",
  "factor.recovery",
  "factor.reset",
  "admin.create",
  "role.change",
  "test.start",
  "test.stop",
  "test.remove",
  "review.release",
  "registration.create",
  "person.erase",
  "person.eraseAgain",
  "person.change",
  "person.export",
  "email.ask",
  "email.confirm",
  "consent.withdraw",
  "consent.give",
] as const satisfies AuditAction[];

/** The place of an event in the order: moment, kind, id. Events of one transaction have the same moment. */
export interface TimelinePlace {
  at: Date;
  rank: number;
  id: bigint;
}

const place = /^(-?\d{1,15})-(\d{1,2})-(\d{1,19})$/;

/** The event after which a page begins, from its address. Null for anything else. */
export function parsePlace(text: string | null): TimelinePlace | null {
  const [, at, rank, id] = place.exec(text ?? "") ?? [];
  if (at === undefined || rank === undefined || id === undefined) return null;
  const parsed = { at: new Date(Number(at)), rank: Number(rank), id: BigInt(id) };
  // Larger numbers are no id for PostgreSQL.
  return isMoment(Number(at)) && parsed.id <= 9_223_372_036_854_775_807n ? parsed : null;
}
