import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startMailbox } from "../e2e/mail/mailbox";
import { startPortal } from "../e2e/portal/server";
import { fail } from "../server/cli/failure";
import { readGiven } from "../server/cli/usage";
import { freePort } from "../server/database/embedded/free-port";
import { hasCluster } from "../server/database/embedded/home";
import { orExit } from "../server/platform/env-error";
import { shutdownAsked } from "../server/platform/shutdown";
import { demoSettings, loopback, passedToSite, unheededSettings, usage } from "./demo-environment";
import { demoSecrets } from "./demo-secrets";
import { isStale } from "./freshness";
import { keepPortal } from "./portal-file";
import { takePortalFile } from "./portal-lock";
import { ensurePrismaClient } from "./prisma-client";
import { root, runScript } from "./run";
import { findRunningDemo, takeFolder } from "./running-demo";
import { addressOf, startServer } from "./server-process";

/** `npm run demo`: the whole product on one machine, with a stand-in for the Bitrix24 portal. `--dev`: with hot reload. */
const { dev } = readGiven(
  usage,
  (args) => parseArgs({ args, options: { dev: { type: "boolean", default: false } } }).values,
);
const { host, ports, logLevel, timeZone, ...given } = orExit(() => demoSettings(process.env));
const adminEmail = "admin@example.com";
const dataDir = resolve(root, given.dataDir);
const { sessionSecret, eventToken, adminPassword } = demoSecrets(dataDir);
const addressFile = join(dataDir, "portal-address");

refuseBeside(await findRunningDemo(addressFile, eventToken));
const portalPort = await choosePort("The stand-in portal", ports.portal, loopback);
const port = await choosePort("The site", ports.site, host);
const address = addressOf(host, port);
const site = address.replace(loopback, "localhost");
// Before the build, which may last a minute: a second demo that is started meanwhile finds the portal.
const portal = await startPortal({
  host: loopback,
  port: portalPort,
  // From the start: a portal that is restored or reset goes back to what it was first given.
  events: { url: `${address}/api/bitrix24/events`, token: eventToken },
});
refuseBeside(await takeFolder(addressFile, eventToken, portal.url));
const portalFile = join(dataDir, "portal.json");
const lock =
  (await takePortalFile(portalFile)) ?? fail(`A portal alone runs on ${dataDir} already. End it, or set DATA_DIR.`);
const kept = keepPortal(portal.portal, {
  file: portalFile,
  newDatabase: !(await hasCluster(join(dataDir, "postgres"))),
  report: (message) => console.log(message),
});
await prepare();
const mailPort = await choosePort("The mailbox", ports.mail, loopback);
const mailbox = await startMailbox({ port: mailPort });
const server = startServer({
  ...(dev ? { args: ["--import", "tsx", "server/dev.ts"] } : {}),
  host,
  port,
  env: {
    ...(dev ? { NODE_ENV: "development" } : {}),
    ...passedToSite(process.env),
    LOG_LEVEL: logLevel,
    // Also where it listens to the network: without TLS production takes loopback's names only.
    APP_URL: `http://localhost:${port}`,
    DATA_DIR: dataDir,
    TIME_ZONE: timeZone,
    SESSION_SECRET: sessionSecret,
    ADMIN_EMAIL: adminEmail,
    ADMIN_PASSWORD: adminPassword,
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: "Front Desk <desk@example.com>",
    BITRIX24_WEBHOOK_URL: portal.webhookUrl,
    BITRIX24_EVENT_TOKEN: eventToken,
    BITRIX24_PAID_STAGE_ID: "WON",
    // Nothing travels far here: a late request needs no minute, and a failed one is tried again while one watches.
    BITRIX24_SETTLE_MS: "3000",
    BITRIX24_TIMEOUT_MS: "10000",
    BITRIX24_RETRY_BASE_MS: "1000",
  },
});

let stopping = false;
void shutdownAsked({ signals: ["SIGINT", "SIGTERM", "SIGHUP"] }).then(() => {
  stopping = true;
  return server.stop();
});
void server.ended.then(async () => {
  await portal.close();
  await mailbox.close();
  kept.stop();
  lock.release();
  if (!stopping) console.error("\nThe server ended by itself; its last log lines say why.");
  process.exit(stopping ? 0 : 1);
});

// If it ends instead, the lines above say so and end us as well.
await server.ready.then(introduce, () => {});

function refuseBeside(running: string | undefined): void {
  if (running) fail(`A demo runs on ${dataDir} already, with its portal at ${running}. End it, or set DATA_DIR.`);
}

async function prepare(): Promise<void> {
  let code = await ensurePrismaClient();
  if (code === 0 && !dev && isStale("build/server/index.js")) code = await runScript("tools/build.ts");
  if (code === 0) return;
  kept.stop();
  lock.release();
  process.exit(code);
}

async function choosePort(what: string, wanted: number, host: string): Promise<number> {
  const port = await freePort(wanted, host).catch(({ code }: NodeJS.ErrnoException) =>
    fail(`${what} cannot listen at ${host} (${code}). Set HOST to an address of this machine, or leave it out.`),
  );
  if (port !== wanted) console.log(`${what} takes port ${port}: ${wanted} is in use.`);
  return port;
}

function introduce(): void {
  const unheeded = unheededSettings(process.env);
  console.log(`
  Site            ${site}
  Registration    ${site}/register?utm_source=demo&utm_campaign=first-look
  Administration  ${site}/admin
                  ${adminEmail}  ${adminPassword}
  Bitrix24        ${portal.url}  (a stand-in: its contacts, deals and faults)
                  ${portal.url}/control/state  (the same for programs)
  Mails           ${mailbox.url}  (all that the site sends; none leaves this machine)

  Ctrl-C ends all of it. The data stays in ${dataDir}.${unheeded ? `\n  ${unheeded}` : ""}
`);
}
