import { createHash } from "node:crypto";
import type { OldRows } from "../database/old-rows";
import { stampMaxAgeMs } from "../registration/form-guard";

/** What the database knows a used form by. */
export const stampHash = (stamp: string): string => createHash("sha256").update(stamp).digest("hex");

/** Stamps of forms that are too old to be accepted. */
export const oldStamps = (): OldRows => ({
  table: "FormStamp",
  column: "at",
  before: new Date(Date.now() - stampMaxAgeMs),
});
