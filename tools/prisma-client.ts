import { isStale } from "./freshness";
import { runTool } from "./run";

/** Makes the database client where it is missing or older than its schema, and answers an exit code. */
export const ensurePrismaClient = async (): Promise<number> =>
  isStale("prisma/generated/client.ts") ? runTool("prisma", ["generate"]) : 0;
