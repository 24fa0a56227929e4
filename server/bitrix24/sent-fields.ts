export type Entity = "contact" | "deal";

/** A field of a contact or deal on the portal. */
export interface PortalField {
  /** The name in the newer methods; phones and e-mails have the name of their type. */
  name: string;
  upperName: string;
  /** The title that people see on the portal. */
  title: string;
  required: boolean;
  /** As `crm.item.fields` names it; `string` where it does not. */
  type: string;
  multiple: boolean;
  /** What can be chosen, of an enumeration. */
  items: { id: number; value: string }[];
}

/** What settings and portals may call a field by. */
export type FieldNames = Pick<PortalField, "name" | "upperName">;

/** Whether the settings name this field, in either of its spellings. */
export const isNamed = ({ name, upperName }: FieldNames, written: string): boolean =>
  name === written || upperName === written.toUpperCase();

export type FieldDescriptions = Record<Entity, PortalField[]>;

/** The fields that registrations write, by the portal's names. */
interface Sent {
  /** Sent with every registration with the same value: set by the configuration. */
  configured: string[];
  /** Sent with every registration, with the person's value. */
  personal: string[];
  /** Sent only if the person, or the advertisement, gave a value. */
  optional: string[];
}

const utm = ["utmSource", "utmMedium", "utmCampaign", "utmContent", "utmTerm"];

const sent: Record<Entity, Sent> = {
  contact: {
    configured: ["opened", "sourceId", "originatorId"],
    personal: ["name", "EMAIL", "PHONE", "originId"],
    optional: ["lastName", ...utm],
  },
  deal: {
    configured: [
      "categoryId",
      "stageId",
      "currencyId",
      "opportunity",
      "isManualOpportunity",
      "sourceId",
      "originatorId",
    ],
    personal: ["title", "contactId", "contactIds", "originId"],
    optional: ["comments", "sourceDescription", ...utm],
  },
};

/**
 * Fields that the portal fills by itself in a new record, so they need not be sent: those with a default in the
 * documentation of `crm.item.add`, and marks that are either yes or no. Some are always described as mandatory.
 */
const filledByPortal: Record<Entity, ReadonlySet<string>> = {
  contact: new Set(["opened", "assignedById", "typeId", "sourceId", "categoryId", "export"]),
  deal: new Set([
    ...[
      "opened",
      "assignedById",
      "typeId",
      "sourceId",
      "stageId",
      "categoryId",
      "currencyId",
      "begindate",
      "closedate",
    ],
    ...["isManualOpportunity", "isRecurring", "isReturnCustomer", "isRepeatedApproach", "closed"],
  ]),
};

/** The kind of record that a step writes, or null. */
export function entityOfStep(step: string | undefined): Entity | null {
  if (step?.startsWith("contact.")) return "contact";
  return step?.startsWith("deal.") ? "deal" : null;
}

/** Whether all registrations send the same value in this field, so that a refusal concerns all of them. */
export const isConfigured = (entity: Entity, field: string): boolean => sent[entity].configured.includes(field);

/** Whether registrations fill this field by themselves, so that no setting may. */
export const isSent = (entity: Entity, field: string): boolean =>
  Object.values(sent[entity]).some((names: string[]) => names.includes(field)) ||
  ["fm", "assignedById"].includes(field);

/** Whether some people's registrations fill this field and others' do not. */
export const isOptional = (entity: Entity, field: string): boolean => sent[entity].optional.includes(field);

/** The portal's mandatory fields that registrations never send, and those that they send only for some people. */
export function unmetDemands(
  descriptions: FieldDescriptions,
  entity: Entity,
  /** The fields that the settings fill in addition. */
  filled: { always: ReadonlySet<string>; sometimes: ReadonlySet<string> } = { always: new Set(), sometimes: new Set() },
): { never: PortalField[]; sometimes: PortalField[] } {
  const { configured, personal } = sent[entity];
  const always = new Set([...configured, ...personal]);
  const demanded = descriptions[entity].filter(
    ({ name, required }) =>
      required && !always.has(name) && !filled.always.has(name) && !filledByPortal[entity].has(name),
  );
  return {
    never: demanded.filter(({ name }) => !isOptional(entity, name) && !filled.sometimes.has(name)),
    sometimes: demanded.filter(({ name }) => isOptional(entity, name) || filled.sometimes.has(name)),
  };
}
