import { personFieldNames, type StoredPerson } from "../person/fields";
import { maxId } from "../platform/ids";
import type { CrmSettings } from "./crm-settings";
import type { Entered } from "./portal-clock";
import type { ProductInfo } from "./product-info";
import type { SettledSale } from "./sale";

/**
 * How a contact became the person's: created here, or linked because it has this e-mail or phone. `confirmed`: linked
 * by an e-mail that the person has confirmed, so that a missing phone was added. `manager`: chosen by a manager on the
 * portal.
 */
export type ContactBy = "made" | "email" | "phone" | "confirmed" | "manager";

/** An answer of the person to a question of the owner's own. */
export interface PersonAnswer {
  /** The question's key. */
  key: string;
  /** The question, in the language of the registration. */
  label: string;
  /** What was answered, in that language; several texts of several choices. */
  texts: string[];
  /** For each of them what a field of the portal may call it: the stored value and the option in both languages. */
  spellings: string[][];
}

/** The data of one registration for the portal, and the known ids of its records there. */
export interface Person extends StoredPerson, Entered {
  userId: number;
  /** The language of the registration; the deal's comment is written in it. */
  locale: string;
  /** UTM_SOURCE … UTM_TERM of the last touch. */
  utm: Record<string, string>;
  /** Of the same touch: click ids, `referrer` and `landing`. */
  visit: Record<string, string>;
  /** What else a field may be filled with, by the names of fieldSources: first touch, consent, day of registration. */
  facts?: Record<string, string>;
  /** In the order of the form. */
  answers?: PersonAnswer[];
  /** What the portal's Sales Intelligence is to be told of the visit, as its method takes it; null: nothing. */
  trace?: string | null;
  /** The visit was sent before: it may stand there, although no answer was stored. */
  traced?: boolean;
  /** With what contact and deal are made: those of the person's form. */
  settings: CrmSettings;
  assignedById: number | null;
  /** The person has confirmed the e-mail address. */
  emailConfirmed: boolean;
  contactId: number | null;
  contactBy: ContactBy | null;
  dealId: number | null;
  /** What the deal sold when the registration was completed; null before that. */
  settledSale: SettledSale | null;
  /**
   * What the deal that was sent for this person sells. A deal that exists gets the row of this product, also if the
   * settings name another one since. Null: no deal was sent, or before this was kept.
   */
  sentProduct: ProductInfo | null;
  /**
   * The deal may hold, or have held, the product row although no answer says so: the answer about it was lost, or the deal is
   * that of a lost registration.
   */
  rowUncertain: boolean;
  /**
   * E-mails and phones from before the person corrected them: the contact may have been sent with them. Only for what bears
   * the person's external id.
   */
  formerly: Pick<StoredPerson, "email" | "phone">[];
  /** Contacts of other registrations with the same phone: the portal's duplicate index may not contain them yet. */
  relatedContactIds: number[];
  /** Details that are left out of contact and deal because the portal refuses them: see ornaments.ts. */
  leftOut: string[];
  /** How many answers to the deal's product row did not show that the row exists. */
  rowAttempts: number;
  /** Sent in a request of its own, because its requests ended without an answer before. */
  isolated: boolean;
  /** Refused before, so another refusal says nothing about other people. */
  refusedBefore: boolean;
}

/** Of a registration that was never sent, such as that of a preview or a trial. */
export const unsent = () =>
  ({
    contactId: null,
    contactBy: null,
    dealId: null,
    settledSale: null,
    sentProduct: null,
    rowUncertain: false,
    formerly: [],
    relatedContactIds: [],
    leftOut: [],
    rowAttempts: 0,
    isolated: false,
    refusedBefore: false,
  }) satisfies Partial<Person>;

/** The page of this site where administrators see everything that is known of the person. */
export const personPage = ({ userId, settings }: Pick<Person, "userId" | "settings">): string =>
  `${settings.siteUrl}/admin/users/${userId}`;

/** What the portal may be sent of this person's own: typed, chosen, or brought along by the visit. */
export const ownTexts = (person: Person): string[] =>
  [
    ...personFieldNames.map((name) => person[name]),
    ...Object.values(person.utm),
    ...Object.values(person.visit),
    ...Object.values(person.facts ?? {}),
    ...(person.answers ?? []).flatMap(({ texts, spellings }) => [...texts, ...spellings.flat()]),
  ].filter((text) => text !== null);

/** The batch options of a person's commands. */
export const travel = ({ isolated, refusedBefore }: Pick<Person, "isolated" | "refusedBefore">) => ({
  isolated,
  lenient: refusedBefore,
});

/**
 * The external id of what this installation created; written with contact and deal, and looked up before either is
 * created.
 */
export const originId = (userId: number): string => `user-${userId}`;

/** The user of an ORIGIN_ID, or null for a text that we did not write. */
export function userIdOf(origin: unknown): number | null {
  const match = /^user-([1-9]\d{0,9})$/.exec(String(origin ?? ""));
  const userId = Number(match?.[1] ?? 0);
  // An id beyond the range of the database's integers belongs to no user.
  return userId > 0 && userId <= maxId ? userId : null;
}
