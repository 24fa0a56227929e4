import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { planMixedFaults } from "../../e2e/portal/mixed-faults";
import { compileFile } from "./compile";
import type { CrmHarness } from "./crm";

export interface SoakOptions {
  registrations: number;
  kills: number;
  /** Worker processes that compete for the leader lock. */
  workers: number;
  /** Share of requests hit by a fault of some kind. */
  faultShare: number;
  seed: number;
}

/** A small generator, so that a run can be repeated. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Registers people while every kind of fault strikes and worker processes are killed with SIGKILL at random moments,
 * and resolves when everybody has arrived. The caller counts what the portal holds.
 */
export async function soak(crm: CrmHarness, options: SoakOptions): Promise<{ kills: number }> {
  const random = chance(options.seed);
  const { BITRIX24_TIMEOUT_MS: timeoutMs, BITRIX24_SETTLE_MS: quarantineMs } = crm.services.env;
  planMixedFaults(crm.portal, { share: options.faultShare, timeoutMs, quarantineMs });
  const env = {
    ...Object.fromEntries(Object.entries(crm.services.env).flatMap(([name, value]) => asVariable(name, value))),
    DATABASE_URL: crm.database.url,
    ROLE: "worker",
    LOG_LEVEL: "error",
  };
  const children = new Set<ChildProcess>();
  const program = await compileFile(fileURLToPath(new URL("worker-process.ts", import.meta.url)));
  const spawn = async () => {
    const child = fork(program, {
      execArgv: [],
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    await new Promise((resolve) => child.once("message", resolve));
  };
  try {
    await Promise.all(Array.from({ length: options.workers }, spawn));
    const registering = registerAll(crm, options.registrations);
    let kills = 0;
    const pending = () => crm.services.db.user.count({ where: { crmState: "PENDING" } });
    for (; kills < options.kills; kills++) {
      // Until the next one some random share of requests goes by: kills land at any moment of the sync.
      const until = crm.portal.requests + 1 + Math.floor(random() * 6);
      while (crm.portal.requests < until && (await pending()) > 0) await tick();
      const victims = [...children];
      victims[Math.floor(random() * victims.length)]?.kill("SIGKILL");
      await spawn();
    }
    await registering;
    while ((await pending()) > 0) await tick();
    return { kills };
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

async function registerAll(crm: CrmHarness, count: number): Promise<void> {
  for (let made = 0; made < count; made += 20)
    await Promise.all(Array.from({ length: Math.min(20, count - made) }, () => crm.register()));
}

function asVariable(name: string, value: unknown): [string, string][] {
  // Lists and tables are empty unless a test sets them.
  if (value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)) return [];
  return [[name, Array.isArray(value) ? value.join(",") : String(value)]];
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 10));
