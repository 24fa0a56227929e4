import { startedByNpm } from "./env";

interface Options {
  signals?: NodeJS.Signals[];
  /** The longest time until the process ends, even if it is the start that hangs. */
  withinMs?: number;
}

/**
 * Resolves with the reason once this process is asked to end. To be called first of all: what is asked during a start
 * is then carried out after it, when everything that was opened can be closed.
 */
export async function shutdownAsked({ signals = ["SIGTERM", "SIGINT"], withinMs }: Options = {}): Promise<string> {
  const parent = process.ppid;
  const reason = await new Promise<string>((resolve) => {
    for (const signal of signals) process.on(signal, resolve);
    // The program that started us and holds the other end is gone: nothing else would end us.
    process.on("disconnect", () => resolve("disconnect"));
    if (process.connected === false) resolve("disconnect");
    // npm puts a shell in between, which dies of a signal without passing it on: we learn of it by losing our parent.
    if (startedByNpm()) setInterval(() => process.ppid !== parent && resolve("parent"), 500).unref();
  });
  if (withinMs !== undefined) setTimeout(() => process.exit(1), withinMs).unref();
  return reason;
}
