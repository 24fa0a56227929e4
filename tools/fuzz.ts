import { randomInt } from "node:crypto";
import { ensurePrismaClient } from "./prisma-client";
import { runTool } from "./run";

/** `npm run fuzz`: the fuzz of `npm test`, ten times as long and with a seed of its own each time. */
const { FUZZ_REQUESTS = "10000", FUZZ_SEED = String(randomInt(2 ** 31)), FUZZ_AT_ONCE = "8" } = process.env;
const prepared = await ensurePrismaClient();
process.exit(
  prepared ||
    (await runTool("playwright", ["test", "e2e/fuzz.spec.ts", "--project=desktop"], {
      env: { FUZZ_REQUESTS, FUZZ_SEED, FUZZ_AT_ONCE, BASE_URL: undefined },
    })),
);
