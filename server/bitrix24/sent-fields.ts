export type Entity = "contact" | "deal";

/** A field of the portal's cards. */
export interface PortalField {
  /** As the newer methods call it; phones and e-mails by their type. */
  name: string;
  upperName: string;
  /** As people read it on the portal. */
  title: string;
  required: boolean;
}

export type FieldDescriptions = Record<Entity, PortalField[]>;

/** What registrations write, by the portal's names of fields. */
interface Sent {
  /** With every registration, and the same for all: set by the configuration. */
  configured: string[];
  /** With every registration, from the person. */
  personal: string[];
  /** Only where the person, or the advertisement, gave it. */
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

/** What the portal fills in by itself in a new record, so that leaving it out is no fault; some of it is always marked. */
const filledByPortal = new Set([
  "opened",
  "assignedById",
  "stageId",
  "categoryId",
  "currencyId",
  "begindate",
  "closedate",
]);

/** Which kind of record a step of a registration writes, if it writes one. */
export function entityOfStep(step: string | undefined): Entity | null {
  if (step?.startsWith("contact.")) return "contact";
  return step?.startsWith("deal.") ? "deal" : null;
}

/** Whether all registrations send the same value in this field, so that a refusal concerns all of them. */
export const isConfigured = (entity: Entity, field: string): boolean => sent[entity].configured.includes(field);

/** Whether some people's registrations fill this field and others' do not. */
export const isOptional = (entity: Entity, field: string): boolean => sent[entity].optional.includes(field);

/** Mandatory fields of the portal that registrations do not send, and those that they send only for some people. */
export function unmetDemands(
  descriptions: FieldDescriptions,
  entity: Entity,
): { never: PortalField[]; sometimes: PortalField[] } {
  const { configured, personal } = sent[entity];
  const always = new Set([...configured, ...personal]);
  const demanded = descriptions[entity].filter(
    ({ name, required }) => required && !always.has(name) && !filledByPortal.has(name),
  );
  return {
    never: demanded.filter(({ name }) => !isOptional(entity, name)),
    sometimes: demanded.filter(({ name }) => isOptional(entity, name)),
  };
}
