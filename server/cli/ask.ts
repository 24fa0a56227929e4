import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/**
 * Asks at the terminal for one line. Empty also after Ctrl-C and Ctrl-D, at which the question itself would never be
 * answered.
 */
export async function ask(
  question: string,
  {
    input = process.stdin,
    output = process.stdout,
  }: { input?: NodeJS.ReadableStream; output?: NodeJS.WritableStream } = {},
): Promise<string> {
  const lines = createInterface({ input, output });
  const ended = once(lines, "close").then(() => null);
  try {
    // Newer releases of Node reject it at Ctrl-C.
    const line = await Promise.race([lines.question(question).catch(() => null), ended]);
    if (line === null) output.write("\n");
    return line?.trim() ?? "";
  } finally {
    lines.close();
  }
}
