import { hashPassword } from "../server/auth/password";
import type { Bench } from "./bench";
import { startDistantPortal } from "./distant-portal";
import { type BenchLine, inMs, quantile } from "./line";
import { person } from "./people";
import { startProduct, stopProduct } from "./product";
import { Visitor } from "./visitor";

const rounds = 9;
const hashesPerRound = 120;
const postsPerRound = 160;
const visitors = 16;
const loneRounds = 80;
/** V8 compiles what is busy for some thousand posts, which takes a quarter of their time. A site runs for weeks. */
const postsBefore = 3_000;

/** Counted like any attempt, and never used up. */
const endless = { RATE_LIMIT_REGISTER: "1000000" };

/**
 * What a registration costs beside its password's hash, with a portal that hangs. Hashes and registrations take turns
 * within seconds, on the same processors as the database and the load, so that whatever else the machine does hits both.
 */
export async function benchSpeed(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0 } });
  await portal.fail({ kind: "hang" });
  const server = await startProduct({
    role: "all",
    databaseUrl: database.url,
    webhookUrl: portal.webhookUrl,
    env: endless,
  });
  const visitor = new Visitor(server.site);
  let number = 0;
  const register = () => visitor.register(person(++number));
  const hash = () => hashPassword("correct horse battery");
  try {
    await perSecond(postsBefore, register);
    await perSecond(hashesPerRound, hash);
    const pace: { hashes: number; posts: number }[] = [];
    for (let round = 0; round < rounds; round++)
      pace.push({ hashes: await perSecond(hashesPerRound, hash), posts: await perSecond(postsPerRound, register) });
    const lone: { hash: number; post: number; page: number }[] = [];
    for (let round = 0; round < loneRounds; round++)
      lone.push({
        hash: await timed(hash),
        post: await timed(register),
        page: await timed(() => visitor.open("/register")),
      });
    const paces = pace.map(({ hashes, posts }) => posts / hashes);
    const loneHash = quantile(
      lone.map((each) => each.hash),
      0.5,
    );
    const lonePost = quantile(
      lone.map((each) => each.post),
      0.5,
    );
    const page = quantile(
      lone.map((each) => each.page),
      0.5,
    );
    const median = (name: "hashes" | "posts") =>
      quantile(
        pace.map((each) => each[name]),
        0.5,
      );
    return [
      {
        name: `registrations ÷ argon2 hashes a second, one process, ${visitors} at once (median of ${rounds})`,
        value: `${quantile(paces, 0.5).toFixed(2)} (${median("posts").toFixed(0)} ÷ ${median("hashes").toFixed(0)}; ${Math.min(...paces).toFixed(2)} to ${Math.max(...paces).toFixed(2)})`,
        must: "≥ 0.75",
        ok: quantile(paces, 0.5) >= 0.75,
      },
      {
        name: "a lone post ÷ its hash (medians)",
        value: `${(lonePost / loneHash).toFixed(2)} (${inMs(lonePost)} ÷ ${inMs(loneHash)})`,
        must: "≤ 1.5",
        ok: lonePost / loneHash <= 1.5,
      },
      { name: "GET /register (median)", value: inMs(page), must: "≤ 6 ms", ok: page <= 6 },
    ];
  } finally {
    visitor.leave();
    await stopProduct(server);
    portal.close();
    await database.drop();
  }
}

/** How many a second, with as many at once as there are visitors. */
export async function perSecond(count: number, act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let left = count;
  const visit = async () => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: visitors }, visit));
  return count / ((performance.now() - started) / 1_000);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}
