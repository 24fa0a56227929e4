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
const flatMb = 20;
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
  const range = (key: keyof Memory) => {
    const changes = rest.map((each) => Math.round((each[key] - first[key]) / mebibyte));
    return { least: Math.min(...changes), most: Math.max(...changes) };
  };
  const [heap, resident] = [range("heap"), range("rss")];
  const told = ({ least, most }: { least: number; most: number }, key: keyof Memory) =>
    `${least} to ${most} MB of ${Math.round(first[key] / mebibyte)} MB`;
  return [
    {
      name: "the worker's memory over 20,000 registrations: changes since the first 5,000",
      value: `heap ${told(heap, "heap")}, resident ${told(resident, "rss")}`,
      // What the allocator hands back to the system at some time of its own is no leak.
      must: "± 20 MB; resident + 20 MB at most",
      ok: heap.least >= -flatMb && heap.most <= flatMb && resident.most <= flatMb,
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
