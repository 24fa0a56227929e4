import { comparesFirstSql } from "../queue/compare-first";
import type { Services } from "../services";
import { isSameHome, readHome } from "./home";

/**
 * Why retention periods erase no person for now. `restored`: what people did after the backup is not known here, and since then
 * no administrator has resumed the queue, or the portal was not compared. `question`: an administrator has to say what became of
 * the portal or of this database. `moved`: the database stands in another place than before, which was not examined yet.
 */
export type RetentionWait = "restored" | "question" | "moved";

/** Null if the periods hold. */
export async function retentionWait({ db }: Pick<Services, "db">): Promise<RetentionWait | null> {
  const [state] = await db.$queryRaw<{ isAsked: boolean; isUnseen: boolean; home: string | null }[]>`
    select i.home,
      coalesce(i.question is not null or ${comparesFirstSql}, false) as "isAsked",
      coalesce(p."restoredAt" is not null
        and (p."pausedBy" = 'admin' or exists (select 1 from "User" where "bitrix24DealId" is not null))
        and not exists (
          select 1 from "ReconcileRun" r where r."startedAt" > p."restoredAt" and r."finishedAt" is not null), false) as "isUnseen"
    from "CrmPortal" p left join "Installation" i on i.id = 1
    where p.id = 1`;
  if (!state) return null;
  if (state.isAsked) return "question";
  if (state.isUnseen) return "restored";
  return state.home !== null && !isSameHome(state.home, await readHome(db)) ? "moved" : null;
}
