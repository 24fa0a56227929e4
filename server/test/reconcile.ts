import { expect } from "vitest";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import type { CrmHarness } from "./crm";
import { admin } from "./factories";

/** A reconciliation from its beginning to its end, by a worker that runs; answers whether it was this one that began. */
export async function reconcileAll({ services }: Pick<CrmHarness, "services">): Promise<{ started: boolean }> {
  const begun = await requestReconcile(services, { actor: admin });
  await expect.poll(() => services.db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
  return begun;
}
