import { readFields } from "./act-input";
import { type EntityName, entityNames, FieldTable, type FieldType } from "./crm/fields";
import { kinds } from "./crm/kinds";
import { multiFieldTypes } from "./crm/multi-fields";
import type { Changes } from "./crm/records";
import { requireKind as requireMember, requireOneOf, requireRange } from "./members";
import { openGroups, type PortalOptions, type Settings } from "./settings";
import { checkLists } from "./settings-lists";
import { handlings, switchSides } from "./switches";

/** Else a misspelt name would be kept without effect, and a value of another kind would break every later request. */
export function readSettings(input: unknown, settings: Settings): PortalOptions {
  for (const [name, value] of Object.entries(asGroup(input, "settings"))) {
    const current: unknown = Reflect.get(settings, name);
    requireKind(name, value, current);
    if (kindOf(current) !== "object" || openGroups.includes(name)) continue;
    for (const [member, inner] of Object.entries(asGroup(value, name))) {
      requireKind(`${name}.${member}`, inner, Reflect.get(asGroup(current, name), member));
      requireOneOf(`${name}.${member}`, inner, sides[name]?.[member]);
    }
  }
  const options = input as PortalOptions;
  checkLists(options);
  checkValues(options);
  const userFields = { ...settings.userFields, ...options.userFields };
  checkDemands(options, userFields);
  if (!options.robots) return options;
  return {
    ...options,
    robots: options.robots.map((robot) => ({
      ...robot,
      set: readFields(robot.on, withNumbers(robot.on, robot.set, userFields), userFields),
    })),
  };
}

/** Numbers may come as text, as the portal itself answers them. */
function withNumbers(entity: EntityName, fields: Changes, userFields: Settings["userFields"]): Changes {
  const table = new FieldTable(entity, userFields);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const { type } = table.named(name) ?? table.upper(name) ?? {};
      const isNumber = type !== undefined && numeric.includes(type);
      return [name, isNumber && /^-?\d+(?:\.\d+)?$/.test(String(value)) ? Number(value) : value];
    }),
  );
}

const numeric: readonly FieldType[] = ["integer", "reference", "double", "money"];

/** What only takes certain values. */
const sides: Record<string, Record<string, readonly unknown[]>> = { switches: switchSides, unknown: handlings };

function checkValues({ language, movedTo, events, costs = {} }: PortalOptions): void {
  requireOneOf("language", language, ["en", "ru"]);
  if (movedTo) requireMember("movedTo", movedTo, "a URL");
  if (events?.url) requireMember("events.url", events.url, "a URL");
  if (events?.names) requireMember("events.names", events.names, "a list of texts");
  requireRange("events.doubled", events?.doubled, [0, 1]);
  requireRange("events.lost", events?.lost, [0, 1]);
  for (const [method, seconds] of Object.entries(costs)) requireMember(`costs.${method}`, seconds, "a number");
}

/** Fields that are demanded have to be there, user fields that come with the demand among them. */
function checkDemands(
  { required = {}, requiredAtStage = {} }: PortalOptions,
  userFields: Settings["userFields"],
): void {
  const isKnown = (entity: EntityName, name: string) =>
    new FieldTable(entity, userFields).all.some((field) => name === field.name || name === field.upper) ||
    (kinds[entity].multiFields && multiFieldTypes.some((typeId) => typeId === name.toUpperCase()));
  const check = (group: string, entity: EntityName, names: unknown) => {
    requireMember(group, names, "a list of texts");
    const unknown = (names as string[]).find((name) => !isKnown(entity, name));
    if (unknown !== undefined) throw new RangeError(`A ${entity} has no field ${unknown}`);
  };
  for (const entity of entityNames) check(`required.${entity}`, entity, required[entity] ?? []);
  for (const [stage, names] of Object.entries(requiredAtStage)) check(`requiredAtStage.${stage}`, "deal", names);
}

function asGroup(value: unknown, name: string): object {
  requireKind(name, value, {});
  return value as object;
}

function requireKind(name: string, value: unknown, current: unknown): void {
  if (current === undefined) throw new RangeError(`There is no setting ${name}`);
  if (kindOf(value) !== kindOf(current)) throw new TypeError(`${name} has to be of the kind ${kindOf(current)}`);
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);
