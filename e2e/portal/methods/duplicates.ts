import type { MultiFieldType } from "../crm/multi-fields";
import { PortalError } from "../protocol/errors";
import { asList, type Value, type ValueMap } from "../protocol/values";
import { mayEver, type Visible, visibleTo } from "../rights";
import type { World } from "../world";
import { denial } from "./guards";
import { type Methods, scoped } from "./method";

const maxValues = 20;
const enough = 20;

export const duplicateMethods: Methods = scoped("crm", {
  "crm.duplicate.findbycomm": (world, params, { userId }) => {
    if (!mayEver(world, userId, "read", "contact")) throw denial(world, "crm.duplicate.findbycomm");
    return { result: findByCommunication(world, params, userId) };
  },
});

/** Ids of contacts that have one of these phones or e-mails; nothing found is an empty list, not an empty map. */
function findByCommunication(world: World, params: ValueMap, userId: number): Value {
  const type = params.type ?? params.TYPE;
  const values = params.values ?? params.VALUES;
  if (typeof type !== "string" || type === "") throw refusal(world, world.say("communicationType"));
  if (type !== "PHONE" && type !== "EMAIL") throw refusal(world, world.sentences.communicationKind(type));
  if (asList(values).length === 0) throw refusal(world, world.say("communicationValues"));
  const wanted = params.entity_type ?? params.ENTITY_TYPE ?? "CONTACT";
  if (wanted !== "CONTACT") return [];
  const all = ownersOf(world, type, asList(values).slice(0, maxValues));
  const hides = world.settings.switches.duplicatesFound === "readable";
  const visible = hides ? visibleTo(world, userId, "contact") : undefined;
  const ids = visible ? all.filter((id) => isVisible(world, id, visible)) : all;
  return ids.length > 0 ? { CONTACT: ids } : [];
}

/** A number of JSON is no text and is skipped, so a phone sent as one finds nothing. */
function ownersOf(world: World, type: MultiFieldType, values: Value[]): number[] {
  const found = new Set<number>();
  const { duplicateLagMs } = world.settings;
  const until = duplicateLagMs > 0 ? world.clock.now() - duplicateLagMs : undefined;
  for (const value of values) {
    if (typeof value !== "string" || value === "") continue;
    for (const id of world.communications.ownersOf(type, value, until)) if (found.size < enough) found.add(id);
  }
  return [...found].sort((left, right) => left - right);
}

function isVisible(world: World, id: number, visible: Visible): boolean {
  const contact = world.contacts.byId.get(id);
  return contact !== undefined && visible(contact);
}

function refusal(world: World, text: string): PortalError {
  const code = world.settings.switches.duplicateErrors === "textAsCode" ? text : "";
  return new PortalError(code, text);
}
