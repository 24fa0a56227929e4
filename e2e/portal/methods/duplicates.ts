import type { MultiFieldType } from "../crm/multi-fields";
import { PortalError } from "../protocol/errors";
import { asList, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Methods, scoped } from "./method";

const maxValues = 20;
const enough = 20;

export const duplicateMethods: Methods = scoped("crm", {
  "crm.duplicate.findbycomm": (world, params) => ({ result: findByCommunication(world, params) }),
});

/** Ids of contacts that have one of these phones or e-mails; nothing found is an empty list, not an empty map. */
function findByCommunication(world: World, params: ValueMap): Value {
  const type = params.type ?? params.TYPE;
  const values = params.values ?? params.VALUES;
  if (typeof type !== "string" || type === "") throw refusal(world, world.say("communicationType"));
  if (type !== "PHONE" && type !== "EMAIL") throw refusal(world, world.sentences.communicationKind(type));
  if (asList(values).length === 0) throw refusal(world, world.say("communicationValues"));
  const wanted = params.entity_type ?? params.ENTITY_TYPE ?? "CONTACT";
  if (wanted !== "CONTACT") return [];
  const ids = ownersOf(world, type, asList(values).slice(0, maxValues));
  return ids.length > 0 ? { CONTACT: ids } : [];
}

/** A number of JSON is no text and is skipped, so a phone sent as one finds nothing. */
function ownersOf(world: World, type: MultiFieldType, values: Value[]): number[] {
  const found = new Set<number>();
  for (const value of values) {
    if (typeof value !== "string" || value === "") continue;
    for (const id of world.communications.ownersOf(type, value)) if (found.size < enough) found.add(id);
  }
  return [...found].sort((left, right) => left - right);
}

function refusal(world: World, text: string): PortalError {
  const code = world.settings.switches.duplicateErrors === "textAsCode" ? text : "";
  return new PortalError(code, text);
}
