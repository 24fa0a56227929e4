import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { startPortal } from "../e2e/portal/server";
import { fail } from "../server/cli/failure";
import { readGiven } from "../server/cli/usage";
import { shutdownAsked } from "../server/platform/shutdown";
import { readArguments, usage } from "./portal-arguments";
import { keepPortal } from "./portal-file";
import { takePortalFile } from "./portal-lock";

/** `npm run portal`: the stand-in Bitrix24 portal alone, for any program that talks to Bitrix24. */
const ended = shutdownAsked({ signals: ["SIGINT", "SIGTERM", "SIGHUP"] });
const { port, host, names, tls, dataDir, options } = readGiven(usage, readArguments);
const lock = dataDir === undefined ? undefined : await take(dataDir);
const server = await startPortal({ port, host, names, ...(tls ? { tls } : {}), ...options }).catch(notStarted);
const { portal, url, webhookUrl } = server;
const kept = dataDir === undefined ? undefined : keep(dataDir);

console.log(`
  Page       ${url}
  Webhook    ${webhookUrl}
  Control    ${url}/control/state
  Kind       ${portal.preset}
  Its time   ${new Date(portal.now()).toISOString()}

  Ctrl-C ends it.${dataDir === undefined ? " Nothing is kept: --data DIR keeps contacts and deals." : ` The data stays in ${dataDir}.`}
`);

await ended;
await server.close();
kept?.stop();
lock?.release();
process.exit(0);

function notStarted(error: Error): never {
  lock?.release();
  return fail(`The portal could not start: ${error.message}`);
}

/** Before it listens: two that were given one folder have one port as well, and the folder is what matters. */
async function take(folder: string) {
  try {
    mkdirSync(folder, { recursive: true });
    const lock = await takePortalFile(join(folder, "portal.json"));
    if (lock) return lock;
  } catch (error) {
    return fail(`The portal's data cannot be kept in ${folder}: ${(error as Error).message}`);
  }
  return fail(
    `A portal runs on ${folder} already, and two would write over each other's data. End it, or give another --data.`,
  );
}

function keep(folder: string) {
  const file = join(folder, "portal.json");
  return keepPortal(portal, { file, newDatabase: !existsSync(file), report: (message) => console.log(message) });
}
