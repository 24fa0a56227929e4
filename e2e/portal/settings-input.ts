import { openGroups, type PortalOptions, type Settings } from "./settings";
import { handlings, switchSides } from "./switches";

/** Else a misspelt name would be kept without effect, and a value of another kind would break every later request. */
export function readSettings(input: unknown, settings: Settings): PortalOptions {
  for (const [name, value] of Object.entries(asGroup(input, "settings"))) {
    const current: unknown = Reflect.get(settings, name);
    requireKind(name, value, current);
    if (kindOf(current) !== "object" || openGroups.includes(name)) continue;
    for (const [member, inner] of Object.entries(asGroup(value, name))) {
      requireKind(`${name}.${member}`, inner, Reflect.get(asGroup(current, name), member));
      requireSide(`${name}.${member}`, inner, sides[name]?.[member]);
    }
  }
  return input as PortalOptions;
}

/** What only takes certain values. */
const sides: Record<string, Record<string, readonly unknown[]>> = { switches: switchSides, unknown: handlings };

function requireSide(name: string, value: unknown, allowed: readonly unknown[] | undefined): void {
  if (allowed && !allowed.includes(value)) throw new RangeError(`${name} has to be one of: ${allowed.join(", ")}`);
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
