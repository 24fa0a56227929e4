import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { z } from "zod";
import { cutValues } from "./cut-values";
import { EnvError } from "./env-error";

const cutWords =
  "put the value into quotes, or what follows its # is left out; a comment has a blank on both sides of its #";

/**
 * The variables of a file: `.env` in the working directory unless ENV_FILE names another. The process's own variables
 * take precedence. A file named by ENV_FILE must exist; `.env` may be missing. Throws EnvError if it cannot be read, or if a
 * value that takes effect would be cut.
 */
export function readEnvFile(
  named: string | undefined,
  takesEffect: (name: string) => boolean,
): Record<string, string | undefined> {
  const file = named?.trim() || ".env";
  if (!named?.trim() && !existsSync(file)) return {};
  const text = textOf(file);
  const cut = cutValues(text).filter(takesEffect);
  if (cut.length > 0) throw new EnvError(cut.map((name) => issue(name, cutWords)));
  return parseEnv(text);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new EnvError([issue("ENV_FILE", (error as Error).message)]);
  }
}

const issue = (name: string, message: string) =>
  ({ code: "custom", path: [name], message, input: undefined }) as const satisfies z.core.$ZodIssue;
