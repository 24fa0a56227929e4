import { createHash } from "node:crypto";
import { workBits } from "./work-bits";

/**
 * What a form must bring along while sign-ups are unusual. Another kind only has to be put in the place of this one, with
 * its part in the page (app/features/sign-ups). What has not brought it is not refused but held for review, so that a
 * browser without scripts, or an old one, loses no registration.
 */
export interface Challenge {
  /** Whether the form with this stamp has brought it. A stamp counts once, so what was done for it does, too. */
  isSolved(stamp: string, solution: string): boolean;
}

/** Work that costs a browser a second for each form: little for a person, much for a program that sends thousands. */
export const proofOfWork: Challenge = {
  isSolved(stamp, solution) {
    if (!/^\d{1,12}$/.test(solution)) return false;
    const hash = createHash("sha256").update(`${stamp}:${solution}`).digest();
    return hash.readUInt32BE(0) >>> (32 - workBits) === 0;
  },
};
