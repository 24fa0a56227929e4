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
