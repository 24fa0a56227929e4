import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FaultRule } from "../e2e/portal/faults";
import type { PortalOptions } from "../e2e/portal/settings";

/** A portal in another process; it is steered by its control interface. */
export interface DistantPortal {
  webhookUrl: string;
  fail(rule: FaultRule): Promise<void>;
  close(): void;
}

export async function startDistantPortal(options: PortalOptions = {}): Promise<DistantPortal> {
  const child = fork(fileURLToPath(new URL("portal-process.ts", import.meta.url)), [JSON.stringify(options)], {
    execArgv: ["--import", "tsx"],
  });
  const [{ url, webhookUrl }] = (await once(child, "message")) as [{ url: string; webhookUrl: string }];
  return {
    webhookUrl,
    fail: async (rule) => {
      const answer = await fetch(`${url}/control/fault`, { method: "POST", body: JSON.stringify(rule) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    close: () => void child.kill(),
  };
}
