import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench";
import { startDistantPortal } from "./distant-portal";
import type { BenchLine } from "./line";
import { pending, queueRegistrations } from "./people";
import { impatient } from "./product";

const registrations = 20_000;
const step = 2_500;
const mebibyte = 2 ** 20;

interface Memory {
  rss: number;
  heap: number;
}

/** Memory of a worker in a process of its own while it carries 20,000 registrations, asked every 2,500. */
export async function benchMemory(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0, operatingSeconds: 0 }, callLogSize: 100 });
  await queueRegistrations(database, registrations);
  const worker = await startWorker(database.url, portal.webhookUrl);
  const seen: Memory[] = [];
  for (let left = registrations - step; left >= 0; left -= step) {
    while ((await pending(database)) > left) await delay(50);
    worker.send("memory");
    seen.push(((await once(worker, "message")) as [Memory])[0]);
  }
  worker.kill("SIGKILL");
  portal.close();
  await database.drop();

  // The first step warms up: compiled code, pools, what the migrations had needed and is let go of.
  const [, first, ...rest] = seen as [Memory, Memory, ...Memory[]];
  const growth = (key: keyof Memory) =>
    rest.reduce((most, each) => (Math.abs(each[key] - first[key]) > Math.abs(most) ? each[key] - first[key] : most), 0);
  const inMb = (bytes: number) => `${(bytes / mebibyte).toFixed(0)} MB`;
  const rss = growth("rss");
  const heap = growth("heap");
  return [
    {
      name: "the worker's memory over 20,000 registrations: furthest from that after the first 5,000",
      value: `heap ${inMb(heap)} of ${inMb(first.heap)}, resident ${inMb(rss)} of ${inMb(first.rss)}`,
      must: "± 20 MB",
      ok: Math.abs(heap) <= 20 * mebibyte && Math.abs(rss) <= 20 * mebibyte,
    },
  ];
}

async function startWorker(databaseUrl: string, webhookUrl: string): Promise<ChildProcess> {
  const { PATH = "", HOME = "" } = process.env;
  const worker = fork(fileURLToPath(new URL("memory-worker.ts", import.meta.url)), {
    execArgv: ["--expose-gc", "--import", "tsx"],
    env: {
      PATH,
      HOME,
      NODE_ENV: "test",
      LOG_LEVEL: "error",
      ROLE: "worker",
      DATABASE_URL: databaseUrl,
      BITRIX24_WEBHOOK_URL: webhookUrl,
      ...impatient,
      BITRIX24_TIMEOUT_MS: "30000",
    },
  });
  await once(worker, "message");
  return worker;
}
