import { z } from "zod";
import { funnelOf, semanticColumns, semanticOf } from "../bitrix24/funnel-stages";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { type Check, check, refused } from "./check";
import type { CheckDeps, Read } from "./questions";

const categories = z.object({ categories: z.array(z.object({ id: z.coerce.number() })) });
const stages = z.array(
  z.object({ STATUS_ID: z.coerce.string(), SORT: z.coerce.number().catch(0), ...semanticColumns }),
);

export function funnel({ env }: Pick<CheckDeps, "env">, read: Read): Check {
  const id = env.BITRIX24_CATEGORY_ID;
  const list = read("categories", categories);
  if (list instanceof Bitrix24Error) return refused("funnel", list, "warn");
  // A portal always has a funnel: an empty list is one that this webhook may not see.
  if (list.categories.length === 0) return check("funnel", "warn", { id });
  return check("funnel", list.categories.some((category) => category.id === id) ? "ok" : "fail", { id });
}

export function stage({ env }: Pick<CheckDeps, "env">, read: Read): Check {
  return (
    stageOf("stage", env, env.BITRIX24_STAGE_ID, read) ?? check("stage", "ok", { stage: env.BITRIX24_STAGE_ID ?? "" })
  );
}

/** Warns if deals that move on past this stage would no longer count as paid, or if it is a stage of lost deals. */
export function paidStage({ env }: Pick<CheckDeps, "env">, read: Read): Check {
  const wanted = env.BITRIX24_PAID_STAGE_ID;
  const wrong = stageOf("paidStage", env, wanted, read);
  if (wrong) return wrong;
  const list = read("ownStages", stages);
  const own = list instanceof Bitrix24Error ? undefined : list.find(({ STATUS_ID }) => STATUS_ID === wanted);
  const facts = { stage: wanted ?? "" };
  if (!own || list instanceof Bitrix24Error) return check("paidStage", "ok", facts);
  if (semanticOf(own) === "F") return check("paidStage", "warn", { ...facts, lost: 1 });
  const later = list.filter((other) => semanticOf(other) !== "F" && other.SORT > own.SORT);
  return later.length > 0
    ? check("paidStage", "warn", { ...facts, later: later.length })
    : check("paidStage", "ok", facts);
}

/** The problem with a stage; null if the funnel has the stage. */
function stageOf(
  id: "stage" | "paidStage",
  { BITRIX24_CATEGORY_ID: funnelId }: CheckDeps["env"],
  wanted: string | undefined,
  read: Read,
): Check | null {
  if (!wanted) return check(id, "skip");
  const list = read("ownStages", stages);
  if (list instanceof Bitrix24Error) return refused(id, list, "warn");
  if (list.some(({ STATUS_ID }) => STATUS_ID === wanted)) return null;
  // A funnel always has stages; that of a funnel that is gone is red itself.
  if (list.length === 0) return check(id, "warn", { stage: wanted });
  const other = funnelOf(wanted);
  return check(id, "fail", { stage: wanted, ...(other === funnelId ? {} : { funnel: other }) });
}
