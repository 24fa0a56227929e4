import type { MultiFieldType } from "../crm/multi-fields";
import { PortalError } from "../protocol/errors";
import { asList, emptyMap, type Value, type ValueMap } from "../protocol/values";
import { mayEver, type Visible, visibleTo } from "../rights";
import type { World } from "../world";
import { denial } from "./guards";
import { type Methods, scoped } from "./method";

const maxValues = 20;
const enough = 20;

export const duplicateMethods: Methods = scoped("crm", {
  "crm.duplicate.findbycomm": (world, params, { userId }) => {
    const asked = searched(params);
    const kinds = asked.filter((kind) => mayEver(world, userId, "read", kind));
    if (kinds.length < asked.length && kinds.length === 0) throw denial(world, "crm.duplicate.findbycomm");
    return { result: findByCommunication(world, params, kinds, userId) };
  },
});

type Searched = keyof World["communications"];

/** In the order in which the portal looks through them. */
const all: readonly Searched[] = ["lead", "contact", "company"];

/** One kind if it is named, else all; of one that is not here there is nothing to be found. */
function searched(params: ValueMap): readonly Searched[] {
  const wanted = params.entity_type ?? params.ENTITY_TYPE;
  return wanted === undefined ? all : all.filter((kind) => kind.toUpperCase() === wanted);
}

/**
 * Ids of those that have one of these phones or e-mails; nothing found is an empty list, not an empty map. Where one kind
 * has as many as are told at all, the kinds after it are not searched.
 */
function findByCommunication(world: World, params: ValueMap, kinds: readonly Searched[], userId: number): Value {
  const type = params.type ?? params.TYPE;
  const values = params.values ?? params.VALUES;
  if (typeof type !== "string" || type === "") throw refusal(world, world.say("communicationType"));
  if (type !== "PHONE" && type !== "EMAIL") throw refusal(world, world.sentences.communicationKind(type));
  if (asList(values).length === 0) throw refusal(world, world.say("communicationValues"));
  const found = emptyMap();
  for (const kind of kinds) {
    const owners = ownersOf(world, kind, type, asList(values).slice(0, maxValues));
    const hides = world.settings.switches.duplicatesFound === "readable";
    const visible = hides ? visibleTo(world, userId, kind) : undefined;
    const ids = visible ? owners.filter((id) => isVisible(world, kind, id, visible)) : owners;
    if (ids.length > 0) found[kind.toUpperCase()] = ids;
    if (owners.length >= enough) break;
  }
  return Object.keys(found).length > 0 ? found : [];
}

/** A number of JSON is no text and is skipped, so a phone sent as one finds nothing. */
function ownersOf(world: World, kind: Searched, type: MultiFieldType, values: Value[]): number[] {
  const found = new Set<number>();
  const { duplicateLagMs } = world.settings;
  const until = duplicateLagMs > 0 ? world.clock.now() - duplicateLagMs : undefined;
  for (const value of values) {
    if (typeof value !== "string" || value === "") continue;
    for (const id of world.communications[kind].ownersOf(type, value, until)) if (found.size < enough) found.add(id);
  }
  return [...found].sort((left, right) => left - right);
}

function isVisible(world: World, kind: Searched, id: number, visible: Visible): boolean {
  const record = world.records[kind].byId.get(id);
  return record !== undefined && visible(record);
}

function refusal(world: World, text: string): PortalError {
  const code = world.settings.switches.duplicateErrors === "textAsCode" ? text : "";
  return new PortalError(code, text);
}
