import { randomInt } from "node:crypto";
import { fail } from "../server/cli/failure";
import { readNothing } from "../server/cli/usage";
import { ensurePrismaClient } from "./prisma-client";
import { runTool } from "./run";
import { wholeNumber } from "./whole-number";

/** `npm run fuzz`: the fuzz of `npm test`, ten times as long and with a seed of its own each time. */
readNothing("Usage: npm run fuzz; FUZZ_REQUESTS, FUZZ_AT_ONCE and FUZZ_SEED are variables of the environment");
const { FUZZ_REQUESTS = "10000", FUZZ_SEED = String(randomInt(2 ** 31)), FUZZ_AT_ONCE = "8" } = process.env;
try {
  // A fuzz of no requests finds nothing.
  wholeNumber("FUZZ_REQUESTS", FUZZ_REQUESTS, { least: 1 });
  wholeNumber("FUZZ_AT_ONCE", FUZZ_AT_ONCE, { least: 1 });
} catch (error) {
  fail((error as Error).message);
}
if (!/^-?\d+$/.test(FUZZ_SEED)) fail(`FUZZ_SEED=${FUZZ_SEED}: expected a whole number, as a run prints it.`);
const prepared = await ensurePrismaClient();
process.exit(
  prepared ||
    (await runTool("playwright", ["test", "e2e/fuzz.spec.ts", "--project=desktop"], {
      env: { FUZZ_REQUESTS, FUZZ_SEED, FUZZ_AT_ONCE, BASE_URL: undefined },
    })),
);
