import type { Prisma } from "../../prisma/generated/client";
import { type Sale, sameSale } from "../bitrix24/sale";
import type { Services } from "../services";
import { endConflictsById, openConflict, standing } from "./conflicts";

interface Changed {
  userId: number;
  dealId: number;
  /** What the deal sold when the registration was completed, where that is known. */
  sale: Sale | null;
}

/** Lists what a deal sells now. A dismissed conflict is opened again when the sale changes again. */
export async function listChangedSale(db: Services["db"], { userId, dealId, sale }: Changed, now: Sale): Promise<void> {
  const known = await db.conflict.findFirst({
    where: { userId, kind: "SALE_CHANGED", portalId: dealId, OR: standing },
    orderBy: { id: "desc" },
  });
  const details = { now: asJson(now), was: sale ? asJson(sale) : null };
  const listed = listedSale(known);
  if (listed && sameSale(listed, now)) return;
  if (known?.resolvedAt === null) {
    await db.conflict.update({ where: { id: known.id }, data: { details } });
    return;
  }
  if (known) await endConflictsById(db, [known.id]);
  await openConflict(db, { kind: "SALE_CHANGED", userId, portalId: dealId, details });
}

/** What the deal sold when the conflict was listed last. */
export const listedSale = (conflict: { details: Prisma.JsonValue } | null): Sale | undefined =>
  ((conflict?.details ?? {}) as { now?: Sale }).now;

const asJson = ({ currency, amount, rows }: Sale): Prisma.InputJsonObject => ({
  currency,
  amount,
  rows: rows.map((row) => ({ ...row })),
});
