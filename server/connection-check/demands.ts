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

/**
 * Mandatory fields of the portal that registrations never fill in, or fill in for some people only. `proven`: fields
 * without which records were created all the same.
 */
export function demands(
  { env }: Pick<CheckDeps, "env">,
  { fields }: Pick<Asked, "fields">,
  proven: ReadonlySet<string> = new Set(),
): Check {
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
  const found = (how: "never" | "sometimes") =>
    entities.flatMap((entity) =>
      unmet(descriptions, entity)[how].map(({ name, title }) => ({ key: `${entity}.${name}`, title: `«${title}»` })),
    );
  const titles = (some: { title: string }[]) => some.map(({ title }) => title).join(", ");
  const never = found("never");
  const demanded = never.map(({ key }) => key).join(" ");
  const unproven = never.filter(({ key }) => !proven.has(key));
  if (unproven.length > 0) return check("demands", "fail", { fields: titles(unproven), demanded });
  const sometimes = titles(found("sometimes"));
  if (sometimes) return check("demands", "warn", { sometimes, demanded });
  return never.length > 0 ? check("demands", "warn", { spared: titles(never), demanded }) : check("demands", "ok");
}
