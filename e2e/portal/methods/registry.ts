import { matchesMethod } from "../rights";
import type { World } from "../world";
import { catalogMethods } from "./catalog";
import { companyMethods } from "./companies";
import { contactMethods } from "./contacts";
import { dealCategoryMethods } from "./deal-categories";
import { dealContactMethods } from "./deal-contacts";
import { dealMethods } from "./deals";
import { dictionaryMethods } from "./dictionaries";
import { duplicateMethods } from "./duplicates";
import { itemMethods } from "./items";
import { leadMethods } from "./leads";
import { mergeMethods } from "./merge";
import type { Method, Methods } from "./method";
import { notificationMethods } from "./notifications";
import { paymentMethods } from "./payments";
import { productRowMethods } from "./product-rows";
import { makeServiceMethods } from "./service";
import { timelineMethods } from "./timeline";
import { trackingMethods } from "./tracking";
import { userFieldMethods } from "./user-fields";
import { userMethods } from "./users";

const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...makeServiceMethods(
      (world, name) => findMethod(world, name),
      (world): [string, Method][] => [...methods].filter(([name]) => findMethod(world, name)),
    ),
    ...itemMethods,
    ...productRowMethods,
    ...duplicateMethods,
    ...dictionaryMethods,
    ...dealCategoryMethods,
    ...catalogMethods,
    ...timelineMethods,
    ...trackingMethods,
    ...notificationMethods,
    ...userMethods,
    ...contactMethods,
    ...dealMethods,
    ...leadMethods,
    ...companyMethods,
    ...userFieldMethods,
    ...dealContactMethods,
    ...mergeMethods,
    ...paymentMethods,
  } satisfies Methods),
);

/** `batch` is not among them: it is no method of its own but a way to call the others. */
export function findMethod(world: World, name: string): Method | undefined {
  const missing = world.settings.missingMethods.some((pattern) => matchesMethod(pattern, name));
  return missing ? undefined : methods.get(name);
}

/** Whether any portal has it, in whatever letters. */
export const isMethod = (name: string): boolean => name.toLowerCase() === "batch" || methods.has(name.toLowerCase());
