import type { Funnel } from "../settings";

export interface Stage {
  statusId: string;
  name: string;
  sort: number;
  color: string;
  /** Process, success or failure. */
  semantics: "P" | "S" | "F";
}

const stageTemplates = [
  ["NEW", "New", "#39A8EF", "P"],
  ["PREPARATION", "Prepare documents", "#2FC6F6", "P"],
  ["PREPAYMENT_INVOICE", "Prepayment invoice", "#55D0E0", "P"],
  ["EXECUTING", "In progress", "#47E4C2", "P"],
  ["FINAL_INVOICE", "Final invoice", "#FFA900", "P"],
  ["WON", "Deal won", "#7BD500", "S"],
  ["LOSE", "Deal lost", "#FF5752", "F"],
  ["APOLOGY", "Analyse failure", "#FF5752", "F"],
] as const;

/** The stages of one funnel; only those of funnel 0 have bare names. An unknown funnel has none. */
export function stagesOf(funnels: readonly Funnel[], categoryId: number): Stage[] {
  if (!funnels.some(({ id }) => id === categoryId)) return [];
  const prefix = categoryId === 0 ? "" : `C${categoryId}:`;
  return stageTemplates.map(([id, name, color, semantics], index) => ({
    statusId: prefix + id,
    name,
    sort: (index + 1) * 10,
    color,
    semantics,
  }));
}
