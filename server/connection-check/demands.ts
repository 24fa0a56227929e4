import { readFieldDescriptions } from "../bitrix24/field-descriptions";
import { filledBy } from "../bitrix24/mapped-fields";
import { type Entity, type FieldDescriptions, unmetDemands } from "../bitrix24/sent-fields";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { type Check, check, refused } from "./check";
import { checkFieldMap, type FieldMapFault } from "./check-field-map";
import type { Asked, CheckDeps } from "./questions";

/** Faults that the portal causes; the others were there when the map was saved, and registrations go on with them. */
const portalFaults: FieldMapFault[] = ["noField", "fieldType", "unfit", "unfitText"];

/** Fields that the settings fill and that the portal no longer has, or whose type or entries no longer take the value. */
export function fields({ env }: Pick<CheckDeps, "env">, asked: Pick<Asked, "fields">): Check {
  if (env.BITRIX24_MARK_FIELDS.length === 0) return check("fields", "ok");
  try {
    const fault = checkFieldMap(env, readFieldDescriptions(asked.fields));
    if (!fault) return check("fields", "ok");
    return check("fields", portalFaults.includes(fault.code) ? "fail" : "warn", { field: fault.what });
  } catch (error) {
    if (error instanceof Bitrix24Error) return refused("fields", error, "warn");
    throw error;
  }
}

const entities = ["contact", "deal"] as const;

/** Mandatory fields of the portal that registrations never fill in, or fill in for some people only. */
export function demands({ env }: Pick<CheckDeps, "env">, { fields }: Pick<Asked, "fields">): Check {
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
