import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Reads a line from the terminal without echo, or the first line of a pipe. */
export async function readSecret(prompt: string): Promise<string> {
  const terminal = process.stdin.isTTY;
  if (terminal) process.stderr.write(prompt);
  // readline echoes to its output, so this output discards everything.
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
