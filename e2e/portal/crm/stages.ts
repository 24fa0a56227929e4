import type { Funnel, FunnelStage } from "../administration";

export interface Stage {
  statusId: string;
  name: string;
  sort: number;
  color: string;
  /** Process, success or failure. */
  semantics: "P" | "S" | "F";
}

const newStages: FunnelStage[] = [
  { id: "NEW", name: "New", semantics: "P" },
  { id: "PREPARATION", name: "Prepare documents", semantics: "P" },
  { id: "PREPAYMENT_INVOICE", name: "Prepayment invoice", semantics: "P" },
  { id: "EXECUTING", name: "In progress", semantics: "P" },
  { id: "FINAL_INVOICE", name: "Final invoice", semantics: "P" },
  { id: "WON", name: "Deal won", semantics: "S" },
  { id: "LOSE", name: "Deal lost", semantics: "F" },
  { id: "APOLOGY", name: "Analyse failure", semantics: "F" },
];

const colors: Record<string, string> = {
  NEW: "#39A8EF",
  PREPARATION: "#2FC6F6",
  PREPAYMENT_INVOICE: "#55D0E0",
  EXECUTING: "#47E4C2",
  FINAL_INVOICE: "#FFA900",
  WON: "#7BD500",
  LOSE: "#FF5752",
  APOLOGY: "#FF5752",
  IN_PROCESS: "#2FC6F6",
  PROCESSED: "#55D0E0",
  CONVERTED: "#7BD500",
  JUNK: "#FF5752",
};

/** The stages of one funnel; only those of funnel 0 have bare names. An unknown funnel has none. */
export function stagesOf(funnels: readonly Funnel[], categoryId: number): Stage[] {
  const funnel = funnels.find(({ id }) => id === categoryId);
  if (!funnel) return [];
  return described(funnel.stages ?? newStages, categoryId === 0 ? "" : `C${categoryId}:`);
}

/** The stages of leads, who have one funnel. */
export const leadStagesOf = (stages: readonly FunnelStage[]): Stage[] => described(stages, "");

function described(stages: readonly FunnelStage[], prefix: string): Stage[] {
  return stages.map(({ id, name, semantics }, index) => ({
    statusId: prefix + id,
    name,
    sort: (index + 1) * 10,
    color: colors[id] ?? "#39A8EF",
    semantics,
  }));
}
