import { catalogMethods } from "./catalog";
import { dictionaryMethods } from "./dictionaries";
import { duplicateMethods } from "./duplicates";
import { itemMethods } from "./items";
import type { Method, Methods } from "./method";
import { productRowMethods } from "./product-rows";
import { serviceMethods } from "./service";
import { timelineMethods } from "./timeline";

const methods = new Map<string, Method>(
  Object.entries({
    ...serviceMethods,
    ...itemMethods,
    ...productRowMethods,
    ...duplicateMethods,
    ...dictionaryMethods,
    ...catalogMethods,
    ...timelineMethods,
  } satisfies Methods),
);

/** `batch` is not among them: it is no method of its own but a way to call the others. */
export function findMethod(name: string): Method | undefined {
  return methods.get(name);
}
