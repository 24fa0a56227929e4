import { setTimeout as delay } from "node:timers/promises";
import { planMixedFaults, strikesOf } from "../../e2e/portal/mixed-faults";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import { freePort } from "../../server/database/embedded/free-port";
import type { Bench, BenchDatabase } from "../bench";
import { Fleet } from "../fleet";
import { impatient } from "../product";
import { ask, keepCommits } from "./cluster";

const eventToken = "a-token-of-the-portal-that-is-soaked";
const badDay = { share: 0.1, timeoutMs: 1_000, quarantineMs: 1_500 };

/** One web server, two workers that compete, their database, and a portal that fails in every way. */
export interface SoakInstallation {
  database: BenchDatabase;
  fleet: Fleet;
  server: PortalServer;
  /** How often each kind of fault has struck. */
  strikes(): Record<string, number>;
  close(): Promise<void>;
}

export async function startInstallation(bench: Bench): Promise<SoakInstallation> {
  const database = await bench.createDatabase();
  await keepCommits(database);
  const server = await startPortal({
    limits: { bucket: 0, operatingSeconds: 0 },
    callLogSize: 1_000,
    seed: 7,
  });
  const fleet = await Fleet.start({
    databaseUrl: database.url,
    webhookUrl: server.webhookUrl,
    port: await freePort(),
    env: { ...impatient, BITRIX24_PAID_STAGE_ID: "WON", BITRIX24_EVENT_TOKEN: eventToken },
  });
  planMixedFaults(server.portal, badDay);
  server.portal.configure({
    events: {
      url: `${fleet.site}/api/bitrix24/events`,
      token: eventToken,
      // One in ten is lost and one in ten comes twice, besides those that find no server.
      delayMs: 20,
      shuffleMs: 200,
      doubled: 0.1,
      lost: 0.1,
    },
  });
  return {
    database,
    fleet,
    server,
    strikes: () => strikesOf(server.portal),
    close: async () => {
      await fleet.stop();
      await server.close();
      await database.drop();
    },
  };
}

/** Waits until nothing is left to do; after a quarter of an hour without it, what is missing shows as a loss. */
export async function untilQuiet({ database }: SoakInstallation): Promise<void> {
  const end = Date.now() + 15 * 60_000;
  while (Date.now() < end) {
    const [row] = await ask<{ open: number }>(
      database,
      `select (select count(*) from "User" where "crmState" = 'PENDING')
            + (select count(*) from pgboss.job where state < 'completed')
            + (select count(*) from "ReconcileRun" where "finishedAt" is null) as open`,
    );
    if (Number(row?.open) === 0) return;
    await delay(200);
  }
}

/** Has every deal compared, as each night; requested as the night does. */
export async function reconcile(installation: SoakInstallation): Promise<void> {
  await ask(
    installation.database,
    `insert into "ReconcileRun" (counts) select '{}' where not exists (
    select from "ReconcileRun" where "finishedAt" is null)`,
  );
  await untilQuiet(installation);
}
