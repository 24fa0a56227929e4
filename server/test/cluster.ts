import { join } from "node:path";
import pg from "pg";
import { startLocalPostgres } from "../database/embedded/local-postgres";
import { createLog } from "../platform/log";
import { makeTestFolder, removeAbandonedFolders, removeTestFolder } from "./folders";

/** A PostgreSQL for one run of tests, gone without a trace after stop(), or at the latest with this process. */
export async function startTestCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  removeAbandonedFolders();
  const folder = makeTestFolder();
  const cleanUp = () => removeTestFolder(folder);
  process.once("exit", cleanUp);
  const start = () => startLocalPostgres({ dir: join(folder, "postgres"), database: "app", log: createLog("warn") });
  const first = await start();
  await configure(first.url);
  // The number of connections is that of a start.
  await first.stop();
  const { url, stop } = await start();
  return {
    url,
    stop: async () => {
      await stop();
      cleanUp();
      process.off("exit", cleanUp);
    },
  };
}

/**
 * Nothing here outlives the run, and no test cuts the machine's power: a commit need not wait for the disk. Each core of the
 * machine has a worker, whose test may have several pools: the product's own number of connections would be too small for them.
 */
async function configure(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const setting of ["fsync", "full_page_writes", "synchronous_commit"])
      await client.query(`alter system set ${setting} = off`);
    await client.query("alter system set max_connections = 1000");
  } finally {
    await client.end();
  }
}
