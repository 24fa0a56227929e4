import { parseArgs } from "node:util";

/**
 * Reads what a command was given. `--help` prints how it is called. What cannot be understood ends the command with one
 * sentence and the same, before it has done anything, and with exit code 2: 1 says that it tried and failed.
 */
export function readGiven<T>(usage: string, read: (given: string[]) => T, given = process.argv.slice(2)): T {
  if (given.includes("--help") || given.includes("-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read(given);
  } catch (error) {
    console.error(`${sentence(error as Error)}\n${usage}`);
    process.exit(2);
  }
}

/** For a command that takes no arguments: one that was passed over in silence would seem to have had an effect. */
export const readNothing = (usage: string): void => readGiven(usage, (args) => void parseArgs({ args, options: {} }));

/** Node adds advice to what is wrong, in further sentences, and ends some without a full stop. */
function sentence({ message }: Error): string {
  const [first = ""] = message.split(/\. (?:To|This) |\n/);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
