import type { ActRequest } from "./acts";
import { emptied } from "./crm/columns";
import { type EntityName, FieldTable, type FieldType } from "./crm/fields";
import type { Changes } from "./crm/records";
import { type MemberKind, readMembers, requireKind } from "./members";
import type { Settings } from "./settings";

const kinds: Record<keyof ActRequest, MemberKind> = {
  act: "text",
  by: "a number",
  id: "a number",
  ids: "a list of numbers",
  stageId: "text",
  fields: "an object",
  phones: "a list of texts",
  emails: "a list of texts",
  rows: "a list of objects",
  from: "a number",
  to: "a number",
  price: "a number",
  currency: "text",
  contactId: "a number",
  contactIds: "a list of numbers",
  userId: "a number",
  value: "text",
  into: "a number",
  settled: "true or false",
  domain: "text",
  origin: "text",
  customers: "a number",
  originatorId: "text",
  count: "a number",
  first: "a number",
  productId: "a number",
};

/** What an act takes beside `act` and `by`. */
export interface Takes {
  needs?: readonly (keyof ActRequest)[];
  may?: readonly (keyof ActRequest)[];
  /** Whose `fields` they are. */
  of?: EntityName;
}

/**
 * An act as a program or a form sends it, with its fields by the names of the newer family. @throws TypeError or RangeError in
 * words for the sender
 */
export function readAct(request: ActRequest, { needs = [], may = [], of }: Takes, settings: Settings): ActRequest {
  const taken = [...(["act", "by"] as const), ...needs, ...may];
  readMembers(request.act, request, Object.fromEntries(taken.map((name) => [name, kinds[name]])));
  for (const name of needs) if (request[name] === undefined) throw new RangeError(`${request.act} needs ${name}`);
  if (!of || request.fields === undefined) return request;
  return { ...request, fields: readFields(of, request.fields, settings.userFields) };
}

/** By the names of the newer family. Null empties, as it does in the portal's own methods. */
export function readFields(entity: EntityName, fields: Changes, userFields: Settings["userFields"]): Changes {
  const table = new FieldTable(entity, userFields);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const field = table.named(name) ?? table.upper(name);
      if (!field || field.name === "id") throw new RangeError(`A ${entity} has no field ${name} that can be set`);
      if (value === null) return [field.name, emptied(field)];
      requireKind(name, value, fieldKinds[field.type]);
      return [field.name, value];
    }),
  );
}

const fieldKinds: Record<FieldType, MemberKind> = {
  integer: "a number",
  reference: "a number",
  double: "a number",
  money: "a number",
  string: "text",
  text: "text",
  date: "text",
  flag: "Y or N",
  datetime: "a number",
  ids: "a list of numbers",
  texts: "a list of texts",
};
