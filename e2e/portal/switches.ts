/** Where public sources disagree about the real portal, both sides can be had. */
export interface Switches {
  /** Statuses of system errors: of today's documentation, or those before 2026. */
  statuses: "current" | "before2026";
  portalDeletedStatus: 403 | 410 | 500;
  duplicateErrors: "emptyCode" | "textAsCode";
  /** Codes such as 0 and 100: numbers in recorded answers, digits in a string in the documentation. */
  numericCodes: "number" | "string";
  /** Which method pays for a batch under the operating limit. */
  batchCharge: "commands" | "batch";
  totalWithoutCount: "absent" | "zero";
  recomputeOpportunity: boolean;
  appInfo: "refused" | "answered";
  atomDateFilters: boolean;
  /** Members of `time` that not every portal sends. */
  operating: "full" | "withoutReset" | "absent";
  /** Whether field descriptions tell which fields are mandatory; a field may be so by the card's settings alone. */
  requiredFlag: "told" | "hidden";
  /**
   * Whether `crm.item.add` and `crm.item.update` check mandatory user fields. By default a real portal tells that they
   * are mandatory and checks them only on the card.
   */
  ownRequired: "refused" | "ignored";
  /** Whether `crm.contact.add` and `crm.deal.add` check mandatory fields: a portal's own setting. */
  legacyRequired: "ignored" | "refused";
  /** A contact without any name: refused, or given one by the portal, as its tutorial says of `crm.item.add`. */
  namelessContact: "refused" | "named";
  /** What `crm.item.list` answers to those who may read nothing of the kind; the older lists always refuse. */
  listWithoutRight: "refused" | "empty";
  /** Whether the duplicate search tells of records that the caller may not read. */
  duplicatesFound: "all" | "readable";
  /** Whether what stays after a merging takes over the mark of what is gone, if it has none of its own. */
  mergedMarks: "own" | "filled";
  /** What the portal's database makes of characters outside the basic plane, emoji first of all. */
  fourByteText: "stored" | "refused" | "cut" | "questionMarks";
  /** What becomes of a text that is longer than its column: both occur, and differ from column to column. */
  longTexts: "cut" | "refused";
  /** Whether `crm.item.*` and its product rows know deals and contacts, or only smart processes as at first. */
  universalDeals: "known" | "unknown";
  /** Whether `crm.item.*` knows phones and e-mails (`fm`): a box of 2024 stores none that are sent, and tells none. */
  universalCommunications: "known" | "unknown";
  /**
   * What `crm.item.update` does to phones and e-mails that are there: its own page in the documentation changes and removes
   * them by their ids; the newer page of the fields says that ids are ignored and values only added.
   */
  universalMultiFields: "edited" | "added";
  /**
   * What `crm.item.update` does with a field that is sent empty: a public report has user fields of several values that stay
   * as they are, with null in the answer; another one has it of any field.
   */
  universalClearing: "cleared" | "listsKept" | "kept";
  /** What becomes of a row with a product that has variations: kept, turned into the first of them, or refused. */
  parentRows: "stored" | "variation" | "refused";
}

/** The sides that each switch can be set to; the first is the usual one. */
export const switchSides: { [Name in keyof Switches]: readonly Switches[Name][] } = {
  statuses: ["current", "before2026"],
  portalDeletedStatus: [403, 410, 500],
  duplicateErrors: ["emptyCode", "textAsCode"],
  numericCodes: ["number", "string"],
  batchCharge: ["commands", "batch"],
  totalWithoutCount: ["absent", "zero"],
  recomputeOpportunity: [true, false],
  appInfo: ["refused", "answered"],
  atomDateFilters: [true, false],
  operating: ["full", "withoutReset", "absent"],
  requiredFlag: ["told", "hidden"],
  ownRequired: ["refused", "ignored"],
  legacyRequired: ["ignored", "refused"],
  namelessContact: ["refused", "named"],
  listWithoutRight: ["refused", "empty"],
  duplicatesFound: ["all", "readable"],
  mergedMarks: ["own", "filled"],
  fourByteText: ["stored", "refused", "cut", "questionMarks"],
  longTexts: ["cut", "refused"],
  universalDeals: ["known", "unknown"],
  universalCommunications: ["known", "unknown"],
  universalMultiFields: ["edited", "added"],
  universalClearing: ["cleared", "listsKept", "kept"],
  parentRows: ["stored", "variation", "refused"],
};

export function defaultSwitches(): Switches {
  return Object.fromEntries(
    Object.entries(switchSides).map(([name, sides]) => [name, sides[0]]),
  ) as unknown as Switches;
}

/** A value that the portal does not know: an error, kept as it was sent, or as if it had not been sent. */
export type Handling = "refused" | "stored" | "ignored";

/** What happens to values that name something the portal does not have. */
export interface UnknownValues {
  source: Handling;
  /** Of the newer family; the older one ignores such a stage and answers with success. */
  stage: Handling;
  currency: Handling;
  /** No employee has that id, or the employee has left. */
  responsible: Handling;
  category: Handling;
  company: Handling;
  /** A contact to be linked that does not exist, or that the caller may not read. */
  contact: "refused" | "ignored";
  /** In a product row; ignored: the row is kept as free text. */
  product: Handling;
  /** Of a list that was made by the administrator. */
  enumeration: Handling;
  /** What is no e-mail address by the portal's own rule. The older family refuses the plainly impossible in any case. */
  email: Handling;
}

const anyHandling = ["stored", "refused", "ignored"] as const;

/** As above: the first is what a lenient portal does. */
export const handlings: { [Name in keyof UnknownValues]: readonly UnknownValues[Name][] } = {
  source: anyHandling,
  stage: ["refused", "stored", "ignored"],
  currency: ["refused", "stored", "ignored"],
  responsible: anyHandling,
  category: ["ignored", "refused", "stored"],
  company: anyHandling,
  contact: ["ignored", "refused"],
  product: anyHandling,
  enumeration: ["ignored", "refused", "stored"],
  email: anyHandling,
};

export function defaultUnknownValues(): UnknownValues {
  return Object.fromEntries(
    Object.entries(handlings).map(([name, sides]) => [name, sides[0]]),
  ) as unknown as UnknownValues;
}
