import type { z } from "zod";

/** All problems of the environment in one message, one line each. */
export class EnvError extends Error {
  constructor(issues: z.core.$ZodIssue[]) {
    super(
      [
        "The environment is not valid:",
        ...issues.map((issue) => `  ${issue.path.join(".") || "environment"}: ${issue.message}`),
      ].join("\n"),
    );
    this.name = "EnvError";
  }
}

/** For the entry of a process: what is read of its environment, or the problems on stderr and exit code 1. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
