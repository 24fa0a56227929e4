import { setTimeout as delay } from "node:timers/promises";
import { readEnv } from "../server/platform/env";
import { createLog } from "../server/platform/log";
import { startServices } from "../server/start";

/** A worker that tells its memory when asked, after the garbage is collected. Needs --expose-gc. */
const env = readEnv();
const started = await startServices(env, createLog(env.LOG_LEVEL));
started.worker?.start();
process.on("disconnect", () => process.exit(0));
process.on("message", async () => {
  // Finalizers run between two collections, and what they let go of needs the second.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await delay(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heap: heapUsed + external });
});
process.send?.("ready");
