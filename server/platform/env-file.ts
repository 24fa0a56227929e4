import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { z } from "zod";
import { cutValues } from "./cut-values";

const cutWords =
  "put the value into quotes, or what follows its # is left out; a comment has a blank on both sides of its #";

interface EnvFile {
  variables: Record<string, string | undefined>;
  issues: z.core.$ZodIssue[];
}

/**
 * The variables of a file: `.env` in the working directory unless ENV_FILE names another. The process's own variables
 * take precedence. A file named by ENV_FILE must exist; `.env` may be missing. The issues, for one message with
 * those of the values: the file cannot be read (of ENV_FILE), or a value that takes effect would be cut.
 */
export function readEnvFile(named: string | undefined, takesEffect: (name: string) => boolean): EnvFile {
  const file = named?.trim() || ".env";
  if (!named?.trim() && !existsSync(file)) return { variables: {}, issues: [] };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return { variables: {}, issues: [issue("ENV_FILE", (error as Error).message)] };
  }
  const cut = cutValues(text).filter(takesEffect);
  return { variables: parseEnv(text), issues: cut.map((name) => issue(name, cutWords)) };
}

const issue = (name: string, message: string) =>
  ({ code: "custom", path: [name], message, input: undefined }) as const satisfies z.core.$ZodIssue;
