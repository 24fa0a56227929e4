import { openSync } from "node:fs";
import { createDb, createPool, type Db } from "../server/database/db";
import { createLog } from "../server/platform/log";
import { claimPort } from "../server/test/claim-port";
import { createCopy } from "../server/test/template";
import { startServer } from "../tools/server-process";
import { type Mailbox, startMailbox } from "./mail/mailbox";
import type { Portal } from "./portal/portal";
import { startPortal } from "./portal/server";
import { serverLog } from "./server-log";

/** A deployment for one worker: database, portal and the built server, accessible to the spec. */
export interface Stack {
  baseURL: string;
  /** The stand-in portal's object: its data and faults. */
  portal: Portal;
  /** The portal's page, on which a person can act as its staff. */
  portalURL: string;
  db: Db;
  /** The mailbox that receives the site's mails. */
  mailbox: Mailbox;
  /** The site's secret, with which a spec can sign what the site signs. */
  sessionSecret: string;
  /** Stops the server if it runs, gracefully, and starts it again at the same address. */
  restart(): Promise<void>;
  /** SIGKILL; the server stays away until restart(). */
  kill9(): Promise<void>;
}

export const administrator = { email: "admin@example.com", password: "administrator-1" };

/** Short intervals: what takes minutes on a real portal must take seconds in a test. */
export const crmSettings = {
  BITRIX24_REQUESTS_PER_SECOND: "200",
  BITRIX24_BURST: "200",
  BITRIX24_TIMEOUT_MS: "1500",
  BITRIX24_SETTLE_MS: "2000",
  BITRIX24_RETRY_BASE_MS: "100",
  BITRIX24_RETRY_MAX_MS: "1000",
  BITRIX24_PAID_STAGE_ID: "WON",
};

const sessionSecret = "a-secret-that-only-these-tests-use";
const eventToken = "event-token-of-the-stand-in";

/** `databaseGate` puts a proxy before the database that can hang and reject; `env` has the spec's own settings; `log` is the file with what the server has written. */
export async function startStack(
  name: string,
  { databaseGate, env = {} }: { databaseGate?: (database: URL) => Promise<string>; env?: Record<string, string> } = {},
): Promise<Stack & { log: string; stop(): Promise<void> }> {
  const template = process.env.E2E_TEMPLATE;
  if (!template) throw new Error("The global setup has not run.");
  const database = await createCopy(JSON.parse(template));
  const port = await claimPort();
  const baseURL = `http://127.0.0.1:${port}`;
  const portal = await startPortal({
    limits: { bucket: 0 },
    events: { url: `${baseURL}/api/bitrix24/events`, token: eventToken },
  });
  const mailbox = await startMailbox();
  const databaseUrl = (await databaseGate?.(new URL(database.url))) ?? database.url;
  const pool = createPool(database.url, createLog("silent"), 4);
  const db = createDb(pool);

  const log = serverLog(name);
  const output = openSync(log, "a");
  const start = () =>
    startServer({
      port,
      output,
      env: {
        APP_URL: baseURL,
        DATABASE_URL: databaseUrl,
        SESSION_SECRET: sessionSecret,
        ADMIN_EMAIL: administrator.email,
        ADMIN_PASSWORD: administrator.password,
        RATE_LIMIT_REGISTER: "0",
        RATE_LIMIT_LOGIN: "0",
        SMTP_URL: mailbox.smtpUrl,
        MAIL_FROM: "desk@example.com",
        BITRIX24_WEBHOOK_URL: portal.webhookUrl,
        BITRIX24_EVENT_TOKEN: eventToken,
        WEBHOOK_INTERNAL_HOSTS: "127.0.0.1",
        ...crmSettings,
        ...env,
      },
    });
  let server = start();
  await server.ready;

  return {
    baseURL,
    portal: portal.portal,
    portalURL: portal.url,
    db,
    log,
    mailbox,
    sessionSecret,
    restart: async () => {
      await server.stop();
      server = start();
      await server.ready;
    },
    kill9: () => server.kill(),
    stop: async () => {
      await server.stop();
      await portal.close();
      await mailbox.close();
      await db.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}

/** An address as a browser's address bar gives it ends in a slash; paths are appended to it. */
const withoutSlash = (address: string): string => address.replace(/\/+$/, "");

/**
 * The stack if BASE_URL names a running deployment, and PORTAL_URL perhaps its stand-in portal: specs that need the
 * portal are tagged @portal, specs that need more are tagged @stack, and neither run where it is missing.
 */
export function remoteStack(address: string): Stack {
  const baseURL = withoutSlash(address);
  const refuse = (): never => {
    throw new Error(
      "With BASE_URL only the site itself is in reach, with PORTAL_URL its portal: tag this spec @stack or @portal.",
    );
  };
  return {
    baseURL,
    get portal() {
      return refuse();
    },
    get portalURL() {
      return withoutSlash(process.env.PORTAL_URL ?? refuse());
    },
    get db() {
      return refuse();
    },
    get mailbox() {
      return refuse();
    },
    get sessionSecret() {
      return refuse();
    },
    restart: refuse,
    kill9: refuse,
  };
}
