import { z } from "zod";
import { elapsedMs } from "../platform/elapsed";
import { listOf, parseAnswer, text } from "./responses";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

export interface FunnelStage {
  id: string;
  /** Process, success or failure. */
  semantic: "P" | "S" | "F";
  /** As managers call it; empty: the portal does not tell. */
  name: string;
}

/** `C5:WON` belongs to funnel 5; stages of funnel 0 have no prefix. */
export const funnelOf = (stageId: string): number => Number(/^C(\d+):/.exec(stageId)?.[1] ?? 0);

/** Two columns contain the semantic, and older portals fill only one of them. */
export const semanticColumns = {
  SEMANTICS: text,
  EXTRA: z.object({ SEMANTICS: text }).nullish().catch(null),
};
type Semantics = { SEMANTICS: string; EXTRA?: { SEMANTICS: string } | null | undefined };

export function semanticOf({ SEMANTICS: short, EXTRA }: Semantics): FunnelStage["semantic"] {
  const long = EXTRA?.SEMANTICS;
  if (short === "S" || long === "success") return "S";
  return short === "F" || long === "failure" || long === "apology" ? "F" : "P";
}

const method = "crm.status.list";
const statuses = listOf(
  z.object({
    STATUS_ID: text,
    NAME: text.catch(""),
    SORT: z.coerce.number().catch(0),
    ...semanticColumns,
  }),
);

/** Success stages come after all stages in process, and failure stages last, whatever their sort numbers are. */
const rank = { P: 0, S: 1, F: 2 };

/** Changes of stages on the portal take effect within this time. */
const freshMs = 10 * 60_000;

interface KnownStages {
  stages: FunnelStage[] | null;
  until: number;
  /** Asked for, and found not to be in the list. */
  missing: Set<string>;
}

/**
 * The stages of the portal's funnels in order, read at most once in ten minutes for each funnel, and once more for each
 * stage that the list lacks: managers may just have added it.
 */
export class FunnelStages {
  readonly #client: Bitrix24Client;
  readonly #known = new Map<number, KnownStages>();

  constructor(client: Bitrix24Client) {
    this.#client = client;
  }

  /**
   * Null if the portal refuses this webhook the stages. If the portal does not answer, the cached stages are used;
   * throws Bitrix24Error if there are none.
   *
   * @param asked Stages of the funnel in which deals stand.
   */
  async inOrder(funnel: number, asked: string[] = []): Promise<FunnelStage[] | null> {
    const known = this.#known.get(funnel);
    const isListed = (stages: FunnelStage[] | null, stageId: string) =>
      stages?.some(({ id }) => id === stageId) === true;
    const isFresh = known && known.until > elapsedMs();
    // A webhook that may see no stages is not told those that are added either.
    const isTold = (id: string) => !known?.stages?.length || known.missing.has(id) || isListed(known.stages, id);
    if (isFresh && asked.every(isTold)) return known.stages;
    try {
      const stages = await this.#read(funnel);
      const missing = asked.filter((id) => !isListed(stages, id));
      const before = isFresh ? known.missing : [];
      this.#known.set(funnel, { stages, until: elapsedMs() + freshMs, missing: new Set([...before, ...missing]) });
      return stages;
    } catch (error) {
      if (known && error instanceof Bitrix24Error) return known.stages;
      throw error;
    }
  }

  /** What managers call a stage, if its funnel was read before; asks the portal nothing. */
  knownName(stageId: string): string | null {
    const stages = this.#known.get(funnelOf(stageId))?.stages;
    return stages?.find(({ id }) => id === stageId)?.name || null;
  }

  async #read(funnel: number): Promise<FunnelStage[] | null> {
    try {
      const filter = { ENTITY_ID: funnel === 0 ? "DEAL_STAGE" : `DEAL_STAGE_${funnel}` };
      const { result } = await this.#client.call(method, { filter, order: { SORT: "ASC" } });
      const listed = parseAnswer(method, statuses, result).map(
        ({ STATUS_ID: id, NAME: name, SORT: sort, ...semantics }) => ({
          id,
          name,
          sort,
          semantic: semanticOf(semantics),
        }),
      );
      return listed.sort((a, b) => rank[a.semantic] - rank[b.semantic] || a.sort - b.sort);
    } catch (error) {
      if (error instanceof Bitrix24Error && (error.kind === "refused" || error.kind === "blocked")) return null;
      throw error;
    }
  }
}
