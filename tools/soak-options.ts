import { parseArgs } from "node:util";
import { wholeNumber } from "./whole-number";

export interface SoakOptions {
  registrations: number;
  kills: number;
  rounds: number;
  /** Begins anew instead of going on after the last round. */
  fresh: boolean;
  report: string | undefined;
}

export const usage = "Usage: npm run soak [-- --registrations 10000 --kills 50 --rounds 10 --fresh --report FILE]";

/** Throws on what cannot be understood: a soak of no rounds would replace the report by an empty one and be content. */
export function readSoakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      registrations: { type: "string", default: "10000" },
      kills: { type: "string", default: "50" },
      rounds: { type: "string", default: "10" },
      fresh: { type: "boolean", default: false },
      report: { type: "string" },
    },
  });
  const { fresh, report } = values;
  return {
    registrations: wholeNumber("--registrations", values.registrations, { least: 1 }),
    kills: wholeNumber("--kills", values.kills),
    rounds: wholeNumber("--rounds", values.rounds, { least: 1 }),
    fresh,
    report,
  };
}
