import type { ChildProcess } from "node:child_process";
import type { Pool } from "pg";
import { expect } from "vitest";
import { lockShape } from "../database/migration-lock";

/** Holds the lock for which migrations, backups and restores wait, until the returned function is called. */
export async function holdShape(pool: Pool): Promise<() => Promise<void>> {
  const holder = await pool.connect();
  await holder.query("begin");
  await lockShape(holder, "exclusive");
  return async () => {
    await holder.query("commit");
    holder.release();
  };
}

/** What a command says while it waits for that lock. */
export const waitWords = "waiting for migrations, a backup or a restore by another process\n";

/** Waits until a command has said that it waits, beside what scripts read of it. */
export async function saysThatItWaits({ stderr }: ChildProcess): Promise<void> {
  let said = "";
  stderr?.on("data", (words) => {
    said += words;
  });
  await expect.poll(() => said).toBe(waitWords);
}
