import { parseArgs } from "node:util";

export const usage = "Usage: npm test [-- --shard 2/3]";

/** The share of the tests that `--shard 2/3` asks for, as both runners take it; nothing if all are to run. */
export function readShard(given: string[]): string[] {
  const { values } = parseArgs({ args: given, options: { shard: { type: "string" } } });
  if (values.shard === undefined) return [];
  const [, share, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(values.shard) ?? [];
  if (!share || Number(share) > Number(of)) throw new Error(`--shard ${values.shard} is no share such as 2/3.`);
  return [`--shard=${values.shard}`];
}
