import { createHash } from "node:crypto";
import type { Tx } from "../database/db";
import { stampMaxAgeMs } from "../registration/form-guard";
import type { Services } from "../services";

/** Marks a form's stamp as used; false if it was used before. Rolled back with its transaction. */
export async function spendStamp(tx: Tx, stamp: string): Promise<boolean> {
  const hash = createHash("sha256").update(stamp).digest("hex");
  const { count } = await tx.formStamp.createMany({ data: [{ hash }], skipDuplicates: true });
  return count > 0;
}

/** Deletes stamps of forms that are too old to be accepted. */
export async function purgeStamps({ db }: Pick<Services, "db">): Promise<void> {
  await db.formStamp.deleteMany({ where: { at: { lt: new Date(Date.now() - stampMaxAgeMs) } } });
}
