import { readGiven } from "../server/cli/usage";
import { benchAdminLists } from "./admin-lists";
import { benchAnswer } from "./answer";
import { type Bench, startBench } from "./bench";
import { benchEvents } from "./events";
import { benchFetch } from "./fetch";
import { benchFootprint } from "./footprint";
import { benchKills } from "./kills";
import { benchLighthouse } from "./lighthouse";
import type { BenchLine } from "./line";
import { benchMemory } from "./memory";
import { benchPace } from "./pace";
import { benchPair } from "./pair";
import { ensureBuild } from "./product";
import { benchReconcile } from "./reconcile";
import { benchSpeed } from "./speed";
import { benchStatistics } from "./statistics";
import { printTable } from "./table";

/** `npm run bench`: every measure; `npm run bench -- NAME …`: those. Exits with 1 if a line misses its mark. */
const benches: Record<string, (bench: Bench) => Promise<BenchLine[]>> = {
  rateLimiter: benchPace,
  speed: benchSpeed,
  events: benchEvents,
  footprint: benchFootprint,
  pair: benchPair,
  answer: benchAnswer,
  kills: benchKills,
  memory: benchMemory,
  fetch: benchFetch,
  lists: benchAdminLists,
  statistics: benchStatistics,
  reconcile: benchReconcile,
  lighthouse: benchLighthouse,
};

const usage = `Usage: npm run bench [-- NAME …]\nNames: ${Object.keys(benches).join(", ")}`;
const asked = readGiven(usage, (names) => {
  const unknown = names.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) throw new Error(`No such benchmark: ${unknown.join(", ")}.`);
  return names;
});

await ensureBuild();
const bench = await startBench();
const lines: BenchLine[] = [];
try {
  for (const [name, run] of Object.entries(benches)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.error(`${name} …`);
    lines.push(...(await run(bench)));
  }
} finally {
  await bench.stop();
}
printTable(lines);
process.exit(lines.every(({ ok }) => ok) ? 0 : 1);
