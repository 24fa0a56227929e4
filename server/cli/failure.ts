import type { Started } from "../start";

/** Ends the command with one sentence: a stack says nothing to the person at the terminal. */
export function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

export function failWith(what: string, error: unknown): never {
  fail(`${what}: ${wordsOf(error)}`);
}

/** For `startForCommand`: a database that is away or refuses ends it in words. */
export async function orFail(starting: Promise<Started>): Promise<Started> {
  try {
    return await starting;
  } catch (error) {
    return failWith("The command could not start", error);
  }
}

/** Does a command's work and closes what was started for it; a failure ends the command in words. */
export async function orFailAfter<T>({ stop }: Pick<Started, "stop">, work: () => Promise<T>): Promise<T> {
  const result = await work().catch(async (error: unknown) => {
    await stop().catch(() => {});
    return failWith("The command failed", error);
  });
  await stop();
  return result;
}

/** A connection that was tried at several addresses fails with an error for each of them and no words of its own. */
export function wordsOf(error: unknown): string {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const words = errors.map((each) => (each instanceof Error && each.message !== "" ? messageOf(each) : String(each)));
  return [...new Set(words)].join("; ");
}

/** Prisma's messages begin with the place in the source and say what went wrong in the last line. */
const messageOf = ({ name, message }: Error): string =>
  name.startsWith("Prisma") ? (message.trim().split("\n").at(-1) ?? message) : message;
