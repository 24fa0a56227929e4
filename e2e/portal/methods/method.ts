import { InvalidFieldError } from "../crm/deals";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import type { ValueMap } from "../protocol/values";
import type { Webhook } from "../settings";
import type { World } from "../world";

/** One REST method. It runs to its end at once, so nothing comes between its reading and its writing. */
export interface Method {
  /** Empty: any webhook may call it. */
  scope: string;
  run(world: World, params: ValueMap, webhook: Webhook): Reply;
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

/** Words a value that the deal cannot take; the families differ in the code, which the older one leaves empty. */
export function wordingInvalid<Result>(world: World, code: string, change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof InvalidFieldError)) throw error;
    throw new PortalError(code, world.sentences.invalidField(world.say(error.field)));
  }
}
