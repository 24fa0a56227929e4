import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { startPortal } from "../e2e/portal/server";
import { readGiven } from "../server/cli/usage";
import { shutdownAsked } from "../server/platform/shutdown";
import { readArguments, usage } from "./portal-arguments";
import { keepPortal } from "./portal-file";

/** `npm run portal`: the stand-in Bitrix24 portal alone, for any program that talks to Bitrix24. */
const ended = shutdownAsked({ signals: ["SIGINT", "SIGTERM", "SIGHUP"] });
const { port, host, names, tls, clock, dataDir, options } = readGiven(usage, readArguments);
const server = await startPortal({ port, host, names, ...(tls ? { tls } : {}), ...options }).catch(notStarted);
const { portal, url, webhookUrl } = server;
if (clock !== undefined) portal.advance(clock - portal.now());
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
process.exit(0);

function notStarted(error: Error): never {
  console.error(`The portal could not start: ${error.message}`);
  process.exit(1);
}

function keep(folder: string) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "portal.json");
  return keepPortal(portal, { file, newDatabase: !existsSync(file), report: (message) => console.log(message) });
}
