import { availableParallelism } from "node:os";
import type { Bench } from "./bench";
import { startDistantPortal } from "./distant-portal";
import { type BenchLine, quantile } from "./line";
import { person } from "./people";
import { startProduct, stopProduct } from "./product";
import { perSecond } from "./speed";
import { Visitor } from "./visitor";

const rounds = 5;
const postsPerRound = 160;
/** Fewer have no room for a second process: one keeps two cores busy with its hashes and its database. */
const enoughCores = 4;

/** What a second web process adds: both take turns with one of them alone. */
export async function benchPair(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0 } });
  await portal.fail({ kind: "hang" });
  const start = () => startProduct({ role: "web", databaseUrl: database.url, webhookUrl: portal.webhookUrl });
  const servers = [await start(), await start()];
  const visitors = servers.map(({ site }) => new Visitor(site));
  let number = 0;
  const registerAt = (among: Visitor[]) => () => {
    const own = ++number;
    return (among[own % among.length] as Visitor).register(person(own));
  };
  const ratios: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const one = await perSecond(postsPerRound, registerAt(visitors.slice(0, 1)));
    const two = await perSecond(postsPerRound, registerAt(visitors));
    // The first round warms up.
    if (round >= 0) ratios.push(two / one);
  }
  for (const visitor of visitors) visitor.leave();
  await Promise.all(servers.map(stopProduct));
  portal.close();
  await database.drop();
  const cores = availableParallelism();
  const ratio = quantile(ratios, 0.5);
  return [
    {
      name: `registrations a second, two web processes ÷ one (median of ${rounds})`,
      value: ratio.toFixed(2),
      must: cores < enoughCores ? `≥ 1.8 from ${enoughCores} cores on; here are ${cores}` : "≥ 1.8",
      ok: cores < enoughCores || ratio >= 1.8,
    },
  ];
}
