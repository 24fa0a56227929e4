import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** A line from the terminal that does not appear on it, or the first line of what is piped in. */
export async function readSecret(prompt: string): Promise<string> {
  const terminal = process.stdin.isTTY;
  if (terminal) process.stderr.write(prompt);
  // readline echoes to its output: one that swallows everything is how the secret stays unseen.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
    if (terminal) process.stderr.write("\n");
  }
}
