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

/** Without end, and yet it shows how often a fault has struck. */
const endless = Number.MAX_SAFE_INTEGER;

/** How often the faults of `planMixedFaults` have struck, by kind. */
export function strikesOf(portal: Portal): Record<string, number> {
  const strikes: Record<string, number> = {};
  for (const { kind, left } of portal.faults)
    strikes[kind] = (strikes[kind] ?? 0) + (left === null ? 0 : endless - left);
  return strikes;
}

/** A portal on a bad day: every kind of fault alike and, where it may come after the work, half of them do. */
export function planMixedFaults(portal: Portal, { share, timeoutMs, quarantineMs }: MixedFaults): void {
  for (const kind of kinds)
    for (const executed of [false, true])
      portal.fail({
        kind,
        executed,
        times: endless,
        probability: share / kinds.length / 2,
        // Late: after the sender gave up, and within the time for which the portal may still work.
        afterMs: kind === "late" ? timeoutMs + quarantineMs / 2 : timeoutMs / 2,
      });
}
