import { createHash } from "node:crypto";
import type { Tx } from "../database/db";
import { stampMaxAgeMs } from "../registration/form-guard";
import type { Services } from "../services";

/** Spends a form's stamp; false if it was spent before. Goes back with its transaction. */
export async function spendStamp(tx: Tx, stamp: string): Promise<boolean> {
  const hash = createHash("sha256").update(stamp).digest("hex");
  const { count } = await tx.formStamp.createMany({ data: [{ hash }], skipDuplicates: true });
  return count > 0;
}

/** Drops those that are too old to be sent once more. */
export async function purgeStamps({ db }: Pick<Services, "db">): Promise<void> {
  await db.formStamp.deleteMany({ where: { at: { lt: new Date(Date.now() - stampMaxAgeMs) } } });
}
