import type { PortalDeal } from "../bitrix24/deals";
import { funnelOf } from "../bitrix24/funnel-stages";
import { settingsGroupsFor } from "../crm/settings-groups";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";
import { isUnpaidStage, type PaidStage } from "./decide";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "forms">;

/**
 * Reads the stages of the funnels of these rows' paid stages, which are kept for a while. Throws Bitrix24Error if the portal does
 * not answer.
 */
export async function readPaidFunnels({ bitrix24 }: Deps, rows: Pick<DealRow, "paidStageId">[]): Promise<void> {
  const funnels = new Set(rows.flatMap(({ paidStageId }) => (paidStageId ? [funnelOf(paidStageId)] : [])));
  for (const funnel of funnels) await bitrix24.stages.inOrder(funnel);
}

/** Each row's paid stage, that of the person's form, with the stage in which deals of that form begin. */
export async function paidStages(
  deps: Deps,
  rows: Pick<DealRow, "formId" | "paidStageId">[],
  deals: PortalDeal[],
): Promise<(row: Pick<DealRow, "formId" | "paidStageId">) => PaidStage | undefined> {
  const known = new Map<string, Awaited<ReturnType<typeof placeOf>>>();
  for (const { paidStageId } of rows)
    if (paidStageId && !known.has(paidStageId)) known.set(paidStageId, await placeOf(deps, paidStageId, deals));
  if (known.size === 0) return () => undefined;
  const groups = await settingsGroupsFor(
    deps,
    rows.map((row) => row.formId),
  );
  return ({ formId, paidStageId }) => {
    const place = known.get(paidStageId ?? "");
    if (!paidStageId || !place) return undefined;
    const { funnelStart, ...stages } = place;
    const paid = { stageId: paidStageId, ...stages };
    const first = groups.of(formId)?.settings.stageId;
    return { ...paid, firstStageId: first !== undefined && isUnpaidStage(first, paid) ? first : funnelStart };
  };
}

/**
 * The first stage of a paid stage's funnel, all of its stages, and those behind the paid one. Null: the portal does not
 * tell them, because it refuses the stages, or not their order, because its list lacks the paid one, which managers have
 * deleted or the webhook may not see.
 */
async function placeOf({ bitrix24 }: Deps, stageId: string, deals: PortalDeal[]) {
  const funnel = funnelOf(stageId);
  const seen = new Set(deals.filter(({ categoryId }) => categoryId === funnel).map((deal) => deal.stageId));
  const stages = (await bitrix24.stages.inOrder(funnel, [...seen])) ?? [];
  const place = stages.findIndex(({ id }) => id === stageId);
  const later = stages.slice(place + 1).filter(({ semantic }) => semantic !== "F");
  return {
    funnelStart: stages[0]?.id ?? stageId.replace(/[^:]+$/, "NEW"),
    laterStageIds: place < 0 ? null : new Set(later.map(({ id }) => id)),
    stageIds: stages.length > 0 ? new Set(stages.map(({ id }) => id)) : null,
  };
}
