import { readFieldDescriptions } from "../bitrix24/field-descriptions";
import { filledBy } from "../bitrix24/mapped-fields";
import { type Entity, type FieldDescriptions, unmetDemands } from "../bitrix24/sent-fields";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { type Check, check, refused } from "./check";
import type { Asked, CheckDeps } from "./questions";

const entities = ["contact", "deal"] as const;

/** Mandatory fields of the portal that registrations never fill in, or fill in for some people only. */
export function demands({ env }: CheckDeps, { fields }: Asked): Check {
  let descriptions: FieldDescriptions;
  try {
    descriptions = readFieldDescriptions(fields);
  } catch (error) {
    // Registrations do not read the field descriptions.
    if (error instanceof Bitrix24Error) return refused("demands", error, "warn");
    throw error;
  }
  const rules = env.BITRIX24_MARK_FIELDS;
  const unmet = (all: FieldDescriptions, entity: Entity) => unmetDemands(all, entity, filledBy(rules, all, entity));
  const named = (how: "never" | "sometimes") =>
    entities.flatMap((entity) => unmet(descriptions, entity)[how].map(({ title }) => `«${title}»`)).join(", ");
  const never = named("never");
  if (never) return check("demands", "fail", { fields: never });
  const sometimes = named("sometimes");
  return sometimes ? check("demands", "warn", { sometimes }) : check("demands", "ok");
}
