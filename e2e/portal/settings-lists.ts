import type {
  Currency,
  Funnel,
  FunnelStage,
  ListEntry,
  PortalUser,
  Price,
  PriceType,
  Product,
  Robot,
  UserField,
  Webhook,
} from "./administration";
import { userFieldTypes } from "./administration";
import { entityNames } from "./crm/fields";
import { type Habit, habitNames } from "./habits";
import { type MemberKind, readMembers, requireKind, requireOneOf, requireRange } from "./members";
import { actions, reaches } from "./rights";
import type { PortalOptions } from "./settings";

/** What a setting that is a list may have in it. */
interface Entry<Value extends object = object> {
  /** As the sentence of a refusal names it. */
  what: string;
  members: Record<keyof Value, MemberKind>;
  /** Without them a later request would break. */
  needs: readonly (keyof Value)[];
  /** What only takes certain values. */
  sides?: Partial<Record<keyof Value, readonly unknown[]>>;
  /** Lists within it. */
  lists?: Partial<Record<keyof Value, Entry>>;
}

const entry = <Value extends object>(described: Entry<Value>): Entry => described as unknown as Entry;

const choice = entry<NonNullable<UserField["items"]>[number]>({
  what: "A choice",
  members: { id: "a number", value: "text" },
  needs: ["id", "value"],
});

const userField = entry<UserField>({
  what: "A user field",
  members: {
    name: "text",
    type: "text",
    title: "text",
    required: "true or false",
    multiple: "true or false",
    items: "a list of objects",
  },
  needs: ["name", "type"],
  sides: { type: userFieldTypes },
  lists: { items: choice },
});

const stage = entry<FunnelStage>({
  what: "A stage",
  members: { id: "text", name: "text", semantics: "text" },
  needs: ["id"],
  sides: { semantics: ["P", "S", "F"] },
});

const price = entry<Price>({
  what: "A price",
  members: { type: "a number", price: "a number", currency: "text", from: "a number", to: "a number" },
  needs: ["type", "price"],
});

const entries: { [Name in keyof PortalOptions]?: Entry } = {
  webhooks: entry<Webhook>({
    what: "A webhook",
    members: { userId: "a number", secret: "text", scopes: "a list of texts" },
    needs: ["userId", "secret", "scopes"],
  }),
  users: entry<PortalUser>({
    what: "A user",
    members: {
      id: "a number",
      name: "text",
      lastName: "text",
      email: "text",
      active: "true or false",
      admin: "true or false",
      registered: "text",
      department: "a number",
      rights: "an object",
    },
    needs: ["id"],
  }),
  products: entry<Product>({
    what: "A product",
    members: {
      id: "a number",
      name: "text",
      price: "a number",
      currency: "text",
      active: "true or false",
      kind: "text",
      parentId: "a number",
      prices: "a list of objects",
      unreadable: "true or false",
      vatId: "a number",
      vatIncluded: "true or false",
    },
    needs: ["id"],
    sides: { kind: ["simple", "parent", "variation", "service"] },
    lists: { prices: price },
  }),
  priceTypes: entry<PriceType>({
    what: "A price type",
    members: { id: "a number", name: "text", base: "true or false" },
    needs: ["id"],
  }),
  currencies: entry<Currency>({
    what: "A currency",
    members: { code: "text", rate: "a number", base: "true or false" },
    needs: ["code", "rate"],
  }),
  funnels: entry<Funnel>({
    what: "A funnel",
    members: { id: "a number", name: "text", stages: "a list of objects" },
    needs: ["id"],
    lists: { stages: stage },
  }),
  leadStages: stage,
  sources: entry<ListEntry>({ what: "A source", members: { id: "text", name: "text" }, needs: ["id"] }),
  companies: entry<{ id: number; title: string }>({
    what: "A company",
    members: { id: "a number", title: "text" },
    needs: ["id"],
  }),
  robots: entry<Robot>({
    what: "A robot",
    members: {
      ...{ on: "text", when: "text", set: "an object", rows: "a list of objects" },
      ...{ afterMs: "a number", by: "a number" },
    },
    needs: ["on", "set"],
    sides: { on: entityNames, when: ["made", "changed"] },
  }),
  habits: entry<Habit>({
    what: "A habit",
    members: { act: "text", by: "a number", share: "a number", when: "text", afterMs: "a number" },
    needs: ["act"],
    sides: { act: habitNames, when: ["created", "complete"] },
  }),
};

/** What stands in the lists of the settings. @throws TypeError or RangeError in words for the sender */
export function checkLists(options: PortalOptions): void {
  for (const [name, described] of Object.entries(entries)) {
    const list: unknown = Reflect.get(options, name);
    if (list !== undefined) checkEntries(described, list as unknown[]);
  }
  for (const [entity, fields] of Object.entries(options.userFields ?? {})) {
    requireKind(`userFields.${entity}`, fields, "a list of objects");
    checkEntries(userField, fields);
  }
  for (const { rights } of options.users ?? []) if (rights) checkRights(rights);
  for (const { share } of options.habits ?? []) requireRange("share", share, [0, 1]);
  if (options.missingMethods) requireKind("missingMethods", options.missingMethods, "a list of texts");
}

function checkEntries({ what, members, needs, sides = {}, lists = {} }: Entry, list: readonly unknown[]): void {
  for (const one of list) {
    requireKind(what, one, "an object");
    const optional = Object.keys(members).filter((name) => !needs.some((needed) => needed === name));
    const given = readMembers(what, withoutNulls(one as object, optional), members);
    const missing = needs.find((name) => !Object.hasOwn(given, name));
    if (missing !== undefined) throw new RangeError(`${what} needs ${missing}`);
    for (const [name, allowed] of Object.entries<readonly unknown[]>(sides))
      requireOneOf(name, Reflect.get(one as object, name), allowed);
    for (const [name, described] of Object.entries<Entry>(lists))
      checkEntries(described, Reflect.get(given, name) ?? []);
  }
}

/** Null is as good as absent where a member may be. */
const withoutNulls = (one: object, optional: readonly string[]): object =>
  Object.fromEntries(Object.entries(one).filter(([name, value]) => value !== null || !optional.includes(name)));

const ofEachKind = Object.fromEntries(entityNames.map((entity) => [entity, "an object"] as const));
const ofEachAction = Object.fromEntries(actions.map((action) => [action, "text"] as const));

function checkRights(rights: object): void {
  readMembers("A set of rights", rights, {
    ...ofEachKind,
    hiddenFunnels: "a list of numbers",
    denied: "a list of texts",
  });
  for (const entity of entityNames) {
    const given = Reflect.get(rights, entity) ?? {};
    readMembers(`A set of rights to a ${entity}`, given, ofEachAction);
    for (const action of actions) requireOneOf(`${entity}.${action}`, Reflect.get(given, action), reaches);
  }
}
