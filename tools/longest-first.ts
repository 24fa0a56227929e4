import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that run longest, most of it waiting for other processes. Vitest knows durations only from an earlier run and
 * else begins with the largest files: one of these would begin last and run alone.
 */
export const longest = [
  "server/database/embedded/guard.test.ts",
  "server/crm/common-cause.test.ts",
  "server/crm/soak.test.ts",
  "server/cli/import.test.ts",
  "server/database/embedded/local-postgres.test.ts",
  "server/database/watched-pool.test.ts",
  "tools/run.test.ts",
  "tools/repeat.test.ts",
];

/** The files of a run, the longest first and the others in Vitest's order. */
export function longestFirst<File extends Pick<TestSpecification, "moduleId">>(files: File[]): File[] {
  const rank = ({ moduleId }: File) => {
    const found = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
    return found === -1 ? longest.length : found;
  };
  return [...files].sort((a, b) => rank(a) - rank(b));
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files));
  }
}
