import type { ActorRef } from "../audit/actor";
import { AppError } from "../platform/errors";

/**
 * Why a decision was not carried out: how the conflict was resolved and by whom. Both are null if the action is not
 * allowed.
 */
export interface AlreadyResolved {
  resolution: string | null;
  decidedBy: ActorRef | null;
}

export class AlreadyResolvedError extends AppError<"CONFLICT"> {
  declare readonly details: AlreadyResolved;

  constructor(details: AlreadyResolved) {
    super("CONFLICT", { details });
  }
}

/** The action must not change the record that it names, or no longer may. The conflict stays open. */
export const notPossible = () => new AlreadyResolvedError({ resolution: null, decidedBy: null });
