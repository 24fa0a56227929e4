import type { PortalDeal } from "./deals";
import { type FunnelStages, funnelOf } from "./funnel-stages";

/**
 * Those of the deals whose stage is known, by id, each with the stage's semantic. A semantic that the portal leaves out is
 * that of the stage in its funnel: without it, a won deal would look unpaid and a lost one open. Throws Bitrix24Error if
 * the portal does not answer.
 */
export async function withKnownStages(
  stages: Pick<FunnelStages, "inOrder">,
  deals: PortalDeal[],
): Promise<Map<number, PortalDeal>> {
  const known = new Map<number, PortalDeal>();
  for (const deal of deals) {
    if (!deal.stageId) continue;
    const semantic = deal.semantic || (await semanticIn(stages, deal.stageId));
    if (semantic) known.set(deal.id, { ...deal, semantic });
  }
  return known;
}

async function semanticIn(stages: Pick<FunnelStages, "inOrder">, stageId: string): Promise<string | undefined> {
  const listed = (await stages.inOrder(funnelOf(stageId), [stageId])) ?? [];
  // Every funnel has a stage of success and one of failure: a list without them leaves the semantics out as well.
  if (listed.every(({ semantic }) => semantic === "P")) return undefined;
  return listed.find(({ id }) => id === stageId)?.semantic;
}
