import { elapsedMs } from "../platform/elapsed";
import type { CrmSettings } from "./crm-settings";
import type { ProductInfo } from "./product-info";
import type { SoldRow } from "./sale";
import { Bitrix24Error } from "./transport/error";

/** For how long deals of the same funnel and stage are taken to be created without rows after some were. */
const noneMs = 5 * 60_000;

/** A portal on which rows may be written and not read refuses to read them each time. */
const isRefused = (error: Bitrix24Error): boolean => error.kind === "refused" || error.refusesCommand;

/**
 * The rows that have to be kept on a deal that was created just now. Where a robot has put nothing but our product there,
 * the row at our price takes its place. Where rows may not be read, the portal has to get the registration as well; one that
 * does not answer at all is waited for.
 */
export function rowsOnNewDeal(found: SoldRow[] | Bitrix24Error, { id }: ProductInfo): SoldRow[] | Bitrix24Error {
  if (found instanceof Bitrix24Error) return isRefused(found) ? [] : found;
  return found.every(({ productId }) => productId === id) ? [] : found;
}

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

  /** `read`: of deals created just now. */
  note(read: { settings: CrmSettings; rows: SoldRow[] | Bitrix24Error }[]): void {
    const isNone = (rows: SoldRow[] | Bitrix24Error) =>
      rows instanceof Bitrix24Error ? isRefused(rows) : rows.length === 0;
    for (const { settings } of read) this.#noneAt.set(placeOf(settings), elapsedMs());
    for (const { settings, rows } of read) if (!isNone(rows)) this.#noneAt.delete(placeOf(settings));
  }
}
