import type { TestProject } from "vitest/node";
import { ifAbandoned } from "../platform/if-abandoned";
import { startTestCluster } from "./cluster";
import { createTemplate, dropTemplate, type Template } from "./template";

declare module "vitest" {
  interface ProvidedContext {
    template: Template;
  }
}

/** One PostgreSQL for the run, or the server that TEST_DATABASE_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // A run that is killed would leave it.
  ifAbandoned('rm -rf "$1"', [project.tmpDir]);
  const given = process.env.TEST_DATABASE_URL;
  const cluster = given ? { url: given, stop: async () => {} } : await startTestCluster();
  try {
    const template = await createTemplate(cluster.url);
    project.provide("template", template);
    return async () => {
      try {
        await dropTemplate(template);
      } finally {
        await cluster.stop();
      }
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
