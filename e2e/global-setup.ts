import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FullConfig } from "@playwright/test";
import { startTestCluster } from "../server/test/cluster";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { createTemplate } from "../server/test/template";
import { isStale } from "../tools/freshness";
import { runScript } from "../tools/run";

/** The current build, and one PostgreSQL for the run; each worker takes a copy of its template. */
export default async function setup({ projects }: FullConfig): Promise<(() => Promise<void>) | undefined> {
  if (process.env.BASE_URL) return undefined;
  if (isStale("build/server/index.js") && (await runScript("tools/build.ts")) !== 0)
    throw new Error("The build failed; its output above says why.");
  // Playwright puts its compiled sources under TMPDIR, which changes below: the workers would not find the runner's ones.
  process.env.PLAYWRIGHT_TRANSFORM_CACHE_DIR ??= join(tmpdir(), `playwright-transform-cache-${process.geteuid?.()}`);
  // The folder for the browsers' profiles, which killed runs would leave behind. The workers inherit it.
  const temporary = makeTestFolder();
  process.env.TMPDIR = temporary;
  const cluster = await startTestCluster();
  try {
    // The workers inherit both.
    process.env.E2E_OUTPUT = projects[0]?.outputDir ?? "";
    process.env.E2E_TEMPLATE = JSON.stringify(await createTemplate(cluster.url));
    return async () => {
      await cluster.stop();
      removeTestFolder(temporary);
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
