import { createHash } from "node:crypto";
import { stampMaxAgeMs } from "../registration/form-guard";
import type { Services } from "../services";

/** What the database knows a used form by. */
export const stampHash = (stamp: string): string => createHash("sha256").update(stamp).digest("hex");

/** Deletes stamps of forms that are too old to be accepted. */
export async function purgeStamps({ db }: Pick<Services, "db">): Promise<void> {
  await db.formStamp.deleteMany({ where: { at: { lt: new Date(Date.now() - stampMaxAgeMs) } } });
}
