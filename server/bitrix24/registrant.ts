import type { StoredPerson } from "../person/fields";
import { maxId } from "../platform/ids";
import type { SettledSale } from "./sale";

/**
 * How a contact came to be a person's: we made it, or linked one that has this e-mail or phone. `confirmed`: linked by an
 * e-mail that the person has proved to own, so that a missing phone was added. `manager`: the portal's people chose it.
 */
export type ContactBy = "made" | "email" | "phone" | "confirmed" | "manager";

/** What the portal is told about one registration, and what is known of its traces there. */
export interface Person extends StoredPerson {
  userId: number;
  /** In which they registered; a deal's comment is written in it. */
  locale: string;
  /** UTM_SOURCE … UTM_TERM of the last touch. */
  utm: Record<string, string>;
  /** Of the same touch: click ids, `referrer` and `landing`. */
  visit: Record<string, string>;
  assignedById: number | null;
  /** Has shown to own the e-mail address. */
  emailConfirmed: boolean;
  contactId: number | null;
  contactBy: ContactBy | null;
  dealId: number | null;
  /** What the deal sold when the registration was through with it; null while it never was. */
  settledSale: SettledSale | null;
  /** A request that gives the deal its product may have been carried out, although no answer says so. */
  rowUncertain: boolean;
  /** Contacts of other registrations with the same phone: the portal's duplicate index may not know them yet. */
  relatedContactIds: number[];
  /** What the contact and the deal go without, because the portal refuses it: see ornaments.ts. */
  leftOut: string[];
  /** How often the portal answered to the deal's product row without showing that it stands. */
  rowAttempts: number;
  /** Sent by itself, because its requests ended without an answer before. */
  isolated: boolean;
  /** Turned down before, so that its next refusal is no news about others. */
  refusedBefore: boolean;
}

/** How a person's commands travel beside those of others. */
export const travel = ({ isolated, refusedBefore }: Pick<Person, "isolated" | "refusedBefore">) => ({
  isolated,
  lenient: refusedBefore,
});

/** Marks what this installation made; written with contact and deal and looked up before either is created. */
export const originId = (userId: number): string => `user-${userId}`;

/** The user of an ORIGIN_ID, or null for anything we did not write. */
export function userIdOf(origin: unknown): number | null {
  const match = /^user-([1-9]\d{0,9})$/.exec(String(origin ?? ""));
  const userId = Number(match?.[1] ?? 0);
  // An id beyond the database's integers belongs to no user.
  return userId > 0 && userId <= maxId ? userId : null;
}
