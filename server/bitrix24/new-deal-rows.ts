import { elapsedMs } from "../platform/elapsed";
import type { CrmSettings } from "./crm-settings";
import type { SoldRow } from "./sale";
import { Bitrix24Error } from "./transport/error";

/** For how long deals of the same funnel and stage are taken to be created without rows after some were. */
const noneMs = 5 * 60_000;

const placeOf = ({ categoryId, stageId }: CrmSettings): string => `${categoryId} ${stageId}`;

/**
 * Whether the rows of deals that were created just now have to be read: a robot of the portal may have put products there. To
 * read them of each group would be one request more for every four where registrations pour in. Such a robot acts in a funnel
 * and a stage, on every deal: what was read of some counts for all for these minutes.
 */
export class NewDealRows {
  readonly #noneAt = new Map<string, number>();

  mustRead(settings: CrmSettings): boolean {
    const noneAt = this.#noneAt.get(placeOf(settings));
    return noneAt === undefined || elapsedMs() - noneAt >= noneMs;
  }

  /** `read`: of deals created just now. One that was refused would be refused again. */
  note(read: { settings: CrmSettings; rows: SoldRow[] | Bitrix24Error }[]): void {
    const isNone = (rows: SoldRow[] | Bitrix24Error) =>
      rows instanceof Bitrix24Error ? rows.kind === "refused" || rows.refusesCommand : rows.length === 0;
    for (const { settings } of read) this.#noneAt.set(placeOf(settings), elapsedMs());
    for (const { settings, rows } of read) if (!isNone(rows)) this.#noneAt.delete(placeOf(settings));
  }
}
