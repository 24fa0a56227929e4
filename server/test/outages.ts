import type { FaultRule } from "../../e2e/portal/faults";

/** How the portal may fail for a while, without a refusal of what is written. */
export const outages: [name: string, fault: FaultRule][] = [
  ["is away", { kind: "502" }],
  ["carries the request out and loses the answer", { kind: "dropAfter" }],
  ["hangs", { kind: "hang" }],
  ["refuses our credentials", { kind: "badCredentials" }],
  ["limits us", { kind: "limit", times: 1 }],
];
