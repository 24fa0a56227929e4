import type { ActorRef } from "../audit/actor";
import { AppError } from "../platform/errors";

/** Why a decision was not carried out: how the conflict ended and by whom. Both are null for what must not be done. */
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

/** The record that the decision names must not be changed, or no longer. The conflict stays open. */
export const notPossible = () => new AlreadyResolvedError({ resolution: null, decidedBy: null });
