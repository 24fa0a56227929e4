import { join } from "node:path";
import { startLocalPostgres } from "../database/embedded/local-postgres";
import { createLog } from "../platform/log";
import { makeTestFolder, removeAbandonedFolders, removeTestFolder } from "./folders";

/** A PostgreSQL for one run of tests, gone without a trace after stop(), or at the latest with this process. */
export async function startTestCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  removeAbandonedFolders();
  const folder = makeTestFolder();
  const cleanUp = () => removeTestFolder(folder);
  process.once("exit", cleanUp);
  const { url, stop } = await startLocalPostgres({
    dir: join(folder, "postgres"),
    database: "app",
    log: createLog("warn"),
  });
  return {
    url,
    stop: async () => {
      await stop();
      cleanUp();
      process.off("exit", cleanUp);
    },
  };
}
