import type { Handling, UnknownValues } from "../switches";
import type { World } from "../world";
import type { EntityName } from "./fields";
import type { Changes, FieldValue } from "./records";

/** A value that a column cannot take, by the column's name; each API family words it in its own way. */
export class InvalidFieldError extends Error {
  constructor(readonly field: string) {
    super(field);
  }
}

/** @throws InvalidFieldError if such values are refused. Answers whether the value is to be kept. */
export function isKept(handling: Handling, field: string): boolean {
  if (handling === "refused") throw new InvalidFieldError(field);
  return handling === "stored";
}

type Known = (world: World, value: FieldValue) => boolean;

/** Columns that name something else on the portal, and how the portal knows it. Stage and funnel are the deal's own matter. */
const references: Record<string, [handling: keyof UnknownValues, known: Known]> = {
  sourceId: ["source", (world, value) => world.settings.sources.some(({ id }) => id === value)],
  assignedById: [
    "responsible",
    (world, value) => world.settings.users.some(({ id, active }) => id === value && active),
  ],
  currencyId: ["currency", (world, value) => world.settings.currencies.some(({ code }) => code === value)],
  companyId: ["company", (world, value) => world.companies.byId.has(Number(value))],
};

/** What of the changes the portal takes. Nothing named is nothing unknown. */
export function admit(world: World, entity: EntityName, changes: Changes): Changes {
  const { unknown } = world.settings;
  const admitted = Object.entries(changes).filter(([name, value]) => {
    if (value === null || value === "") return true;
    const [handling, known] = references[name] ?? [];
    if (handling && known) return known(world, value) || isKept(unknown[handling], name);
    return isChoice(world, entity, name, value) || isKept(unknown.enumeration, name);
  });
  return Object.fromEntries(admitted);
}

/** Changes a record as a portal does that refuses no unknown value: what it would refuse is left out, and the rest is saved. */
export function leavingOutUnknown<Result>(world: World, change: () => Result): Result {
  const { unknown } = world.settings;
  const ignored = Object.entries(unknown).map(([name, handling]) => [
    name,
    handling === "refused" ? "ignored" : handling,
  ]);
  world.settings.unknown = Object.fromEntries(ignored) as typeof unknown;
  try {
    return change();
  } finally {
    world.settings.unknown = unknown;
  }
}

/** Any value of a column that is no list of the administrator's is one. */
function isChoice(world: World, entity: EntityName, name: string, value: FieldValue): boolean {
  const own = world.fields(entity).named(name)?.own;
  if (own?.type !== "enumeration") return true;
  const chosen = Array.isArray(value) ? value : [value];
  return chosen.every((one) => (own.items ?? []).some(({ id }) => id === one));
}
