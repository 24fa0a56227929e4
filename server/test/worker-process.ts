import { readEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { startServices } from "../start";

/** A worker of its own in a process of its own, for tests that kill it. Ends with its parent. */
const env = readEnv();
const started = await startServices(env, createLog(env.LOG_LEVEL));
started.worker?.start();
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
