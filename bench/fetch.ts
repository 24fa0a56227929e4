import type { Bench } from "./bench";
import { type BenchLine, inMs, quantile } from "./line";

const waiting = 1_000_000;
const group = 100;
const rounds = 50;

/** Taking a group off a queue in which a million registrations wait. */
export async function benchFetch(bench: Bench): Promise<BenchLine[]> {
  const { pool, queue, drop } = await bench.createDatabase();
  await pool.query(
    `insert into ${queue.jobs.sql} (name, data, singleton_key, priority, policy, retry_limit, keep_until)
     select 'crm-registration', jsonb_build_object('userId', n), n::text, n % 3 * 10, 'short', 0, now() + interval '1 year'
     from generate_series(1, $1::int) as n`,
    [waiting],
  );
  await pool.query(`vacuum analyze ${queue.jobs.sql}`);
  const fetch = async () => {
    const started = performance.now();
    const jobs = await queue.fetch("crm-registration", group);
    if (jobs.length !== group) throw new Error(`${jobs.length} jobs came`);
    return performance.now() - started;
  };
  await fetch();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await fetch());

  await pool.query(`drop index ${queue.jobs.sql}_fetch`);
  const plain = [await fetch(), await fetch(), await fetch()];
  await drop();
  const median = quantile(times, 0.5);
  return [
    {
      name: "fetching 100 of 1,000,000 waiting jobs (median)",
      value: `${inMs(median)} (p95 ${inMs(quantile(times, 0.95))})`,
      must: "≤ 10 ms",
      ok: median <= 10,
      usual: `${inMs(quantile(plain, 0.5))} (pg-boss as it comes)`,
    },
  ];
}
