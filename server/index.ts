import { readNothing } from "./cli/usage";
import { readEnv } from "./platform/env";
import { createLog } from "./platform/log";
import { compileWasmOnce, releaseMemoryAtRest } from "./platform/memory";
import { shutdownAsked } from "./platform/shutdown";
import { startTracing } from "./platform/tracing";
import { startServices } from "./start";

/** Beyond the time of a request to the portal, so that the one in hand can end. */
const stopMarginMs = 15_000;

// A port that was given here and passed over would leave the site at another.
readNothing("Usage: npm start; variables of the environment say how, see docs/reference.md");
const env = readEnv();
const log = createLog(env.LOG_LEVEL);
const asked = shutdownAsked({ withinMs: env.BITRIX24_TIMEOUT_MS + stopMarginMs });

// An uncaught error leaves the process in an unknown state. Every step is saved as it happens, so ending is safe.
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error) => {
    log.fatal({ err: error }, event);
    process.exit(1);
  });

compileWasmOnce();
const endTracing = await startTracing(env, log);
const started = await startServices(env, log).catch(fail);
const site = env.ROLE === "worker" ? undefined : await openSite().catch(closeAndFail);
started.worker?.start();
releaseMemoryAtRest();

log.info({ reason: await asked }, "stopping");
// Requests in hand still need the database: it goes last.
await Promise.all([site?.close(), started.worker?.stop()]);
await started.stop();
await endTracing();
log.info("stopped");
process.exit(0);

async function openSite() {
  const { openSite } = await import("./http/site");
  return openSite(started.services);
}

function fail(error: unknown): never {
  log.fatal({ err: error }, "start failed");
  process.exit(1);
}

async function closeAndFail(error: unknown): Promise<never> {
  await started.stop();
  return fail(error);
}
