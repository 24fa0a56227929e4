import { createHash } from "node:crypto";
import { workBits } from "./work-bits";

/**
 * What a form must bring along while sign-ups are unusual. To use another kind, replace this object and its part in the
 * page (app/features/sign-ups). A form without a solution is not rejected but held for review, so that browsers without
 * scripts, and old ones, lose no registration.
 */
export interface Challenge {
  /** Whether the form with this stamp has brought a solution. A stamp is accepted once, and so is its solution. */
  isSolved(stamp: string, solution: string): boolean;
}

/** Costs a browser a second of work per form: little for a person, much for a program that sends thousands. */
export const proofOfWork: Challenge = {
  isSolved(stamp, solution) {
    if (!/^\d{1,12}$/.test(solution)) return false;
    const hash = createHash("sha256").update(`${stamp}:${solution}`).digest();
    return hash.readUInt32BE(0) >>> (32 - workBits) === 0;
  },
};
