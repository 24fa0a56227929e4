import { startTestCluster } from "../server/test/cluster";
import { createTemplate } from "../server/test/template";

/** One PostgreSQL for the run; each worker takes a copy of its template. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.BASE_URL) return undefined;
  const cluster = await startTestCluster();
  try {
    // The workers inherit it.
    process.env.E2E_TEMPLATE = JSON.stringify(await createTemplate(cluster.url));
    return () => cluster.stop();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
