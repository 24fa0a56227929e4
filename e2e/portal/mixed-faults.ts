import type { FaultKind } from "./faults";
import type { Portal } from "./portal";

const kinds: FaultKind[] = [
  "limit",
  "500",
  "500html",
  "502",
  "html",
  "emptyBatch",
  "hang",
  "late",
  "slow",
  "dropBefore",
  "dropAfter",
  "cutJson",
];

export interface MixedFaults {
  /** Of all requests, 0 to 1. */
  share: number;
  /** How long the sender waits for an answer, and afterwards for what a lost request may still do. */
  timeoutMs: number;
  quarantineMs: number;
}

/** A portal on a bad day: every kind of fault alike and, where it may come after the work, half of them do. */
export function planMixedFaults(portal: Portal, { share, timeoutMs, quarantineMs }: MixedFaults): void {
  for (const kind of kinds)
    for (const executed of [false, true])
      portal.fail({
        kind,
        executed,
        probability: share / kinds.length / 2,
        // Late: after the sender gave up, and within the time for which the portal may still work.
        afterMs: kind === "late" ? timeoutMs + quarantineMs / 2 : timeoutMs / 2,
      });
}
