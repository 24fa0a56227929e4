import { readFieldDescriptions } from "../bitrix24/field-descriptions";
import { filledBy } from "../bitrix24/mapped-fields";
import { type FieldDescriptions, unmetDemands } from "../bitrix24/sent-fields";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { FieldRule } from "../platform/field-map";
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

/** The mandatory fields that these rules fill in for nobody, or for some people only. */
const unmetBy = (rules: FieldRule[], all: FieldDescriptions, how: "never" | "sometimes") =>
  entities.flatMap((entity) =>
    unmetDemands(all, entity, filledBy(rules, all, entity))[how].map(({ name, title }) => ({
      key: `${entity}.${name}`,
      title,
    })),
  );

/**
 * Mandatory fields of the portal that registrations never fill in, or fill in for some people only. `proven`: fields
 * without which records were created all the same. `maps`: the field maps of all forms, for which `demanded` names what
 * registrations of any of them never fill in.
 */
export function demands(
  { env }: Pick<CheckDeps, "env">,
  { fields }: Pick<Asked, "fields">,
  { proven = new Set(), maps = [] }: { proven?: ReadonlySet<string> | undefined; maps?: FieldRule[][] } = {},
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
  const titles = (some: { title: string }[]) => some.map(({ title }) => title).join("; ");
  const never = unmetBy(rules, descriptions, "never");
  const keys = new Set([rules, ...maps].flatMap((map) => unmetBy(map, descriptions, "never").map(({ key }) => key)));
  const demanded = keys.size > 0 ? { demanded: [...keys].join(" ") } : {};
  const unproven = never.filter(({ key }) => !proven.has(key));
  if (unproven.length > 0) return check("demands", "fail", { fields: titles(unproven), ...demanded });
  const sometimes = titles(unmetBy(rules, descriptions, "sometimes"));
  const amber = { ...(never.length > 0 && { spared: titles(never) }), ...(sometimes && { sometimes }) };
  return check("demands", Object.keys(amber).length > 0 ? "warn" : "ok", { ...amber, ...demanded });
}
