import { randomInt } from "node:crypto";
import { readNothing } from "../server/cli/usage";
import { ensurePrismaClient } from "./prisma-client";
import { runTool } from "./run";

/** `npm run fuzz`: the fuzz of `npm test`, ten times as long and with a seed of its own each time. */
readNothing("Usage: npm run fuzz; FUZZ_REQUESTS, FUZZ_AT_ONCE and FUZZ_SEED are variables of the environment");
const { FUZZ_REQUESTS = "10000", FUZZ_SEED = String(randomInt(2 ** 31)), FUZZ_AT_ONCE = "8" } = process.env;
for (const [name, value] of Object.entries({ FUZZ_REQUESTS, FUZZ_AT_ONCE }))
  if (!/^[1-9]\d*$/.test(value)) {
    // A fuzz of no requests finds nothing.
    console.error(`${name}=${value}: expected a whole number from 1.`);
    process.exit(1);
  }
if (!/^-?\d+$/.test(FUZZ_SEED)) {
  console.error(`FUZZ_SEED=${FUZZ_SEED}: expected a whole number, as a run prints it.`);
  process.exit(1);
}
const prepared = await ensurePrismaClient();
process.exit(
  prepared ||
    (await runTool("playwright", ["test", "e2e/fuzz.spec.ts", "--project=desktop"], {
      env: { FUZZ_REQUESTS, FUZZ_SEED, FUZZ_AT_ONCE, BASE_URL: undefined },
    })),
);
