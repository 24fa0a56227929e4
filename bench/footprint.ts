import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "./bench";
import { startDistantPortal } from "./distant-portal";
import { loadForm } from "./form";
import { type BenchLine, inMs, quantile } from "./line";
import { type Product, startProduct, stopProduct } from "./product";

const starts = 5;
/** After the work of the start, and a collection of its garbage where Node sees fit. */
const restMs = 15_000;

/** How soon a built server answers on a database that is there, and what web and worker need while nothing happens. */
export async function benchFootprint(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0 } });
  const start = (role: "all" | "web" | "worker") =>
    startProduct({ role, databaseUrl: database.url, webhookUrl: portal.webhookUrl });
  const times: number[] = [];
  for (let n = 0; n < starts; n++) {
    const started = performance.now();
    const server = await start("all");
    times.push(performance.now() - started);
    await stopProduct(server);
  }
  const [web, worker] = [await start("web"), await start("worker")];
  await loadForm(web.site);
  await delay(restMs);
  const used = [web, worker].map(residentMb);
  await Promise.all([web, worker].map(stopProduct));
  portal.close();
  await database.drop();
  const soonest = quantile(times, 0.5);
  const total = used.reduce((sum, mb) => sum + mb, 0);
  return [
    {
      name: `start of web and worker in one process until it is ready (median of ${starts})`,
      value: inMs(soonest),
      must: "≤ 2,000 ms",
      ok: soonest <= 2_000,
    },
    {
      name: "resident memory of web and worker at rest",
      value: `${total.toFixed(0)} MB (${used.map((mb) => mb.toFixed(0)).join(" + ")})`,
      must: "≤ 250 MB",
      ok: total <= 250,
    },
  ];
}

const residentMb = ({ child }: Product): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1_024;
