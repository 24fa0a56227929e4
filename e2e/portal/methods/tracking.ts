import { entityNames } from "../crm/fields";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import { mayDo } from "../rights";
import type { World } from "../world";
import { type Methods, scoped } from "./method";

export const trackingMethods: Methods = scoped("crm", {
  "crm.tracking.trace.add": (world, params, { userId }) => ({ result: addTrace(world, params, userId), changed: true }),
  "crm.tracking.trace.delete": (world, params) => {
    const id = toInt(params.id);
    if (id <= 0) throw refusal("Parameter `id` required.");
    if (world.traces.delete(id)) world.version++;
    return { result: null, changed: true };
  },
});

const kinds = ["COMPANY", "CONTACT", "DEAL", "LEAD", "QUOTE"];

const refusal = (text: string): PortalError => new PortalError("ERROR_CORE", text);

/** What the analytics learn of a visit, and whose it was. Its marks do not go into the records' own columns. */
function addTrace(world: World, params: ValueMap, by: number): number {
  const text = params.TRACE;
  if (typeof text !== "string" || text === "") throw refusal("Parameter `TRACE` required.");
  const trace = parse(text);
  if (!trace) throw refusal("Can not parse JSON in parameter `TRACE`.");
  const entities = asList(params.ENTITIES).map((entity) => readEntity(world, entity, by));
  const id = world.nextId("trace");
  world.traces.set(id, { id, trace, entities });
  world.version++;
  return id;
}

function parse(text: string): ValueMap | undefined {
  try {
    return asMap(JSON.parse(text) as Value);
  } catch {
    return undefined;
  }
}

function readEntity(world: World, input: Value, by: number): { type: string; id: number } {
  const { TYPE, ID } = asMap(input) ?? {};
  const [type, id] = [toText(TYPE), toInt(ID)];
  if (!kinds.includes(type)) throw refusal(`Wrong TYPE in parameter \`ENTITIES\`. Allowed types: ${kinds.join(",")}`);
  if (id <= 0) throw refusal("Wrong ID in parameter `ENTITIES`.");
  const entity = entityNames.find((name) => name.toUpperCase() === type);
  const record = entity && world.records[entity].byId.get(id);
  if (!record || !mayDo(world, by, "update", entity, record)) {
    throw refusal(`You have no access to entity ${type} with ID ${id}.`);
  }
  return { type, id };
}
