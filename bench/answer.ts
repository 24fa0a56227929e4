import { startUsualSite } from "./baseline";
import type { Bench, BenchDatabase } from "./bench";
import { type DistantPortal, startDistantPortal } from "./distant-portal";
import { type GivenFields, loadForm, postForm } from "./form";
import { type BenchLine, inMs, quantile } from "./line";
import { pending, person } from "./people";
import { startProduct, stopProduct } from "./product";

const blocks = 60;
const postsPerBlock = 5;
const timeoutMs = 30_000;

interface Side {
  site: string;
  fields: GivenFields;
  /** Everything of the block has reached the portal, where it ever will. */
  settled(): Promise<void>;
  times: number[];
}

/**
 * How long a visitor waits for the answer to a registration, with a portal that is well and with one that hangs. Two
 * servers take turns, five posts each, so that whatever else the machine does hits both alike.
 */
export async function benchAnswer(bench: Bench): Promise<BenchLine[]> {
  const well = await startSide(bench, false);
  const hanging = await startSide(bench, true);
  let number = 0;
  for (let block = -1; block < blocks; block++)
    for (const side of block % 2 === 0 ? [well, hanging] : [hanging, well]) {
      for (let post = 0; post < postsPerBlock; post++) {
        const ms = await time(side, ++number);
        // The first block warms up.
        if (block >= 0) side.times.push(ms);
      }
      await side.settled();
    }
  await well.stop();
  await hanging.stop();

  const usual = await measureUsual(bench);
  const [a, b] = [quantile(well.times, 0.95), quantile(hanging.times, 0.95)];
  const ratio = b / a;
  return [
    {
      name: "p95 of the registration answer, portal hanging ÷ healthy",
      value: `${ratio.toFixed(2)} (${inMs(b)} ÷ ${inMs(a)}, ${a && well.times.length} posts each)`,
      must: "≤ 1.05",
      ok: ratio <= 1.05,
      usual: `${(usual.hanging / usual.well).toFixed(0)} (${inMs(usual.hanging)} ÷ ${inMs(usual.well)})`,
    },
    {
      name: "a hanging portal: how long a person waits (median)",
      value: inMs(quantile(hanging.times, 0.5)),
      must: "the same as with a healthy one",
      ok: quantile(hanging.times, 0.5) <= quantile(well.times, 0.5) * 1.05,
      usual: inMs(usual.hangingMedian),
    },
  ];
}

async function startSide(bench: Bench, hangs: boolean): Promise<Side & { stop(): Promise<void> }> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0 } });
  if (hangs) await portal.fail({ kind: "hang" });
  // Web and worker in one process, as `npm start` has them; the pace is raised so that a block settles between two.
  const server = await startProduct({
    role: "all",
    databaseUrl: database.url,
    webhookUrl: portal.webhookUrl,
    env: { BITRIX24_REQUESTS_PER_SECOND: "1000", BITRIX24_BURST: "1000" },
  });
  return {
    site: server.site,
    fields: await loadForm(server.site),
    times: [],
    settled: async () => {
      while (!hangs && (await pending(database)) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    stop: async () => {
      await stopProduct(server);
      portal.close();
      await database.drop();
    },
  };
}

async function time({ site, fields }: Pick<Side, "site" | "fields">, number: number): Promise<number> {
  const started = performance.now();
  const status = await postForm(site, fields, person(number));
  if (status !== 302) throw new Error(`the registration was answered with ${status}`);
  return performance.now() - started;
}

async function measureUsual(bench: Bench): Promise<{ well: number; hanging: number; hangingMedian: number }> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0 } });
  const healthy = await measureUsualSite(database, portal, 1, 40);
  await portal.fail({ kind: "hang" });
  const hanging = await measureUsualSite(database, portal, 1_001, 4);
  portal.close();
  await database.drop();
  return {
    well: quantile(healthy, 0.95),
    hanging: quantile(hanging, 0.95),
    hangingMedian: quantile(hanging, 0.5),
  };
}

/** So few at once that they do not wait for one another. */
async function measureUsualSite(
  { db }: BenchDatabase,
  { webhookUrl }: DistantPortal,
  first: number,
  count: number,
): Promise<number[]> {
  const { site, close } = await startUsualSite(db, { webhookUrl, timeoutMs });
  const times: number[] = [];
  for (let at = 0; at < count; at += 4) {
    const numbers = Array.from({ length: Math.min(4, count - at) }, (_, index) => first + at + index);
    times.push(...(await Promise.all(numbers.map((number) => time({ site, fields: {} }, number)))));
  }
  close();
  return times;
}
