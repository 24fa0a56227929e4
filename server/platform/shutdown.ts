import { startedByNpm } from "./env";

interface Options {
  signals?: NodeJS.Signals[];
  /** The longest time until the process ends, even if the start hangs. */
  withinMs?: number;
}

/**
 * Resolves with the reason once this process is asked to end. Call it first: a request during the start is then carried
 * out after it, when everything that was opened can be closed.
 */
export async function shutdownAsked({ signals = ["SIGTERM", "SIGINT"], withinMs }: Options = {}): Promise<string> {
  const parent = process.ppid;
  const reason = await new Promise<string>((resolve) => {
    for (const signal of signals) process.on(signal, resolve);
    // The parent process that holds the IPC channel is gone: nothing else would end this process.
    process.on("disconnect", () => resolve("disconnect"));
    if (process.connected === false) resolve("disconnect");
    // npm starts a shell in between, which dies of a signal without passing it on; a changed parent process id reveals
    // it.
    if (startedByNpm()) setInterval(() => process.ppid !== parent && resolve("parent"), 500).unref();
  });
  if (withinMs !== undefined) setTimeout(() => process.exit(1), withinMs).unref();
  return reason;
}
