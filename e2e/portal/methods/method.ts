import type { Webhook } from "../administration";
import { type EntityName, fieldTitle } from "../crm/fields";
import { titleOf } from "../crm/titles";
import { InvalidFieldError } from "../crm/unknown-values";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import type { ValueMap } from "../protocol/values";
import type { World } from "../world";

/** One REST method. It runs to its end at once, so nothing comes between its reading and its writing. */
export interface Method {
  /** Empty: any webhook may call it. */
  scope: string;
  run(world: World, params: ValueMap, webhook: Webhook): Reply;
}

export function isOpenTo({ scopes }: Webhook, { scope }: Method): boolean {
  return scope === "" || scope.split("|").some((one) => scopes.includes(one));
}

export type Methods = Record<string, Method>;

type Run = Method["run"];

export function scoped(scope: string, runs: Record<string, Run>): Methods {
  return Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, { scope, run }]));
}

/** The controllers' answer to a parameter that is absent or of the wrong type: a number for a code. */
export function missingParameter(world: World, name: string): PortalError {
  return new PortalError(100, world.sentences.missingParameter(name));
}

/** Words a value that a column cannot take; the families differ in the code, which the older one leaves empty. */
export function wordingInvalid<Result>(world: World, entity: EntityName, code: string, change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof InvalidFieldError)) throw error;
    const field = world.fields(entity).named(error.field);
    const title = field ? fieldTitle(field, world.settings.language) : titleOf(error.field, world.settings.language);
    throw new PortalError(code, world.sentences.invalidField(title));
  }
}
