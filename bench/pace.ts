import { startPortal } from "../e2e/portal/server";
import { syncTheUsualWay } from "./baseline";
import type { Bench } from "./bench";
import type { BenchLine } from "./line";
import { countOutcome, type NewPerson, type Outcome, pending, people, queueRegistrations } from "./people";
import { startProduct, stopProduct } from "./product";

/** The portal's limit on all plans but the largest: 50 requests at once, 2 a second. The product keeps its defaults. */
const limits = { bucket: 50, perSecond: 2 };

interface Run extends Outcome {
  requests: number;
  refused: number;
  seconds: number;
}

/** Registrations that wait when the worker starts, at the portal's real limit. */
export async function benchPace(bench: Bench): Promise<BenchLine[]> {
  const queued = await runProduct(bench, 500);
  const burst = await runProduct(bench, 60);
  const usualSteps = (await runUsual(people(1), { bucket: 0 })).requests;
  const usualQueued = await runUsual(people(500));
  const usualBurst = await runUsual(people(60));
  const each = queued.requests / 500;
  return [
    {
      name: "500 queued registrations at 2 requests/s: requests for each",
      value: `${each.toFixed(3)} (${queued.whole} whole, ${queued.refused} refused, ${queued.seconds.toFixed(0)} s)`,
      must: "≤ 0.085, 0 refused, 500 whole",
      ok: each <= 0.085 && queued.refused === 0 && queued.whole === 500 && queued.twice === 0,
      usual: `${usualSteps} (${usualQueued.whole} whole, ${usualQueued.refused} refused)`,
    },
    {
      name: "60 people at the same moment: whole on the portal",
      value: `${burst.whole} of 60 (${burst.refused} requests refused)`,
      must: "60, 0 refused",
      ok: burst.whole === 60 && burst.refused === 0,
      usual: `${usualBurst.whole} of 60 (${usualBurst.refused} requests refused)`,
    },
  ];
}

async function runProduct(bench: Bench, count: number): Promise<Run> {
  const database = await bench.createDatabase();
  const { portal, webhookUrl, close } = await startPortal({ limits });
  await queueRegistrations(database, count);
  const started = performance.now();
  const worker = await startProduct({ role: "worker", databaseUrl: database.url, webhookUrl });
  while ((await pending(database)) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const seconds = (performance.now() - started) / 1000;
  await stopProduct(worker);
  const run = { ...countOutcome(portal, people(count)), requests: portal.requests, refused: portal.refused, seconds };
  await close();
  await database.drop();
  return run;
}

/** All at once, as when a newsletter brings them. */
async function runUsual(asked: NewPerson[], portalLimits: { bucket: number } = limits): Promise<Run> {
  const { portal, webhookUrl, close } = await startPortal({ limits: portalLimits });
  const started = performance.now();
  await Promise.all(asked.map((person) => syncTheUsualWay({ webhookUrl, timeoutMs: 30_000 }, person)));
  const seconds = (performance.now() - started) / 1000;
  const run = { ...countOutcome(portal, asked), requests: portal.requests, refused: portal.refused, seconds };
  await close();
  return run;
}
